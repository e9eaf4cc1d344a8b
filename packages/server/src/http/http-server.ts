/** The HTTP side in its smallest form: health for anybody on this machine, paper orders for who holds the token. */
import { timingSafeEqual } from 'node:crypto';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { CodecError } from '@counterfoil/vocabulary';
import { homePage, homePagePolicy } from './home-page.ts';
import { type IntentView } from '../worker/intents.ts';
import { type OrderBody, orderBody } from '../worker/order-body.ts';

/** An order is under 1 kB. */
const BODY_BYTES_MAX = 16_384;

export interface HttpOptions {
  /** 256 bits of hex: whoever can read the data folder may trade on paper. */
  readonly token: string;
  /** The state of each part, `ok` when it is well. */
  readonly health: () => Promise<Readonly<Record<string, string>>>;
  readonly place: (order: OrderBody) => Promise<IntentView>;
  readonly find: (seq: number) => Promise<IntentView | null>;
}

/** RFC 9457 problem details: a code for programs, a sentence for people. */
interface Problem {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
}

class HttpProblem extends Error {
  readonly problem: Problem;

  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.problem = { status, code, detail };
  }
}

export function createHttpServer(options: HttpOptions): Server {
  return createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/') {
      return void options.health().then((parts) => sendHomePage(response, parts));
    }
    answer(options, request).then(
      ({ status, body }) => send(response, status, body),
      (error: unknown) => send(response, ...explain(error)),
    );
  });
}

async function answer(
  options: HttpOptions,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (request.method === 'GET' && pathname === '/healthz') {
    const parts = await options.health();
    const well = Object.values(parts).every((state) => state === 'ok');
    return { status: well ? 200 : 503, body: { status: well ? 'ok' : 'degraded', ...parts } };
  }
  authorize(options.token, request);
  if (request.method === 'POST' && pathname === '/v1/paper/orders') {
    const order = orderBody.decode(await readJson(request), 'order');
    return { status: 201, body: await options.place(order) };
  }
  const seq = /^\/v1\/paper\/orders\/([1-9][0-9]{0,11})$/.exec(pathname)?.[1];
  if (request.method === 'GET' && seq !== undefined) {
    const found = await options.find(Number(seq));
    if (found === null) throw new HttpProblem(404, 'unknown-order', `There is no order ${seq}.`);
    return { status: 200, body: found };
  }
  throw new HttpProblem(404, 'no-such-route', `There is no ${request.method} ${pathname}.`);
}

function authorize(token: string, request: IncomingMessage): void {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  if (given.length === expected.length && timingSafeEqual(given, expected)) return;
  throw new HttpProblem(
    401,
    'not-authorized',
    'This needs the token of the running installation; nothing was done.',
  );
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX)
      throw new HttpProblem(413, 'too-large', `A request has at most ${BODY_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new HttpProblem(400, 'bad-form', 'The body is not JSON; nothing was done.');
  }
}

function explain(error: unknown): [number, Problem] {
  if (error instanceof HttpProblem) return [error.problem.status, error.problem];
  if (error instanceof CodecError) {
    return [400, { status: 400, code: 'bad-form', detail: `${error.message}; nothing was done.` }];
  }
  const detail = 'The server failed. If this was an order, ask for its state before placing another.';
  return [500, { status: 500, code: 'fault', detail }];
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

function sendHomePage(response: ServerResponse, parts: Readonly<Record<string, string>>): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': homePagePolicy,
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.end(homePage(parts));
}
