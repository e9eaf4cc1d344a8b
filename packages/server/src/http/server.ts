/**
 * The HTTP server: one Fastify over the route table, with what every request goes through in order: name, origin,
 * caller, role, form, deed, and the check of what leaves.
 */
import { EVENTS_PATH, type RouteName, type Routes, routes } from '@counterfoil/api';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Kysely } from 'kysely';
import { cookieHeader } from '../accounts/sessions.ts';
import { isDatabaseAway } from '../database/away.ts';
import type { Tables } from '../database/tables.ts';
import { answerRoute } from './answer.ts';
import type { Caller } from './caller.ts';
import type { Handlers } from './handlers.ts';
import { commonHeaders } from './headers.ts';
import type { SignedMessage } from './message-signature.ts';
import { type Origin, checkHost, checkOrigin } from './origin.ts';
import { HttpProblem } from './problem.ts';

/** A sweep with six axes of a thousand values is under 100 kB. */
const BODY_BYTES_MAX = 262_144;
/** A body that trickles in slower than this is an attack. */
const REQUEST_MS_MAX = 15_000;
/** A database that was started again answers within two seconds; a queue for its connections is shorter by then. */
const AWAY_SECONDS = 2;
/** Requests at once, beyond which the database's queue would only grow. */
const IN_FLIGHT_MAX = 1_000;

export interface ServerOptions {
  readonly origin: Origin;
  readonly database: Kysely<Tables>;
  readonly handlers: Handlers;
  readonly identify: (
    headers: FastifyRequest['headers'],
    message: () => SignedMessage,
    address: string,
  ) => Promise<Caller>;
  /** Routes beside the table: pages, health, the event stream. */
  readonly further: (server: FastifyInstance, identify: (request: FastifyRequest) => Promise<Caller>) => void;
  /** A defect: the request's id and what was thrown. */
  readonly onFault: (requestId: string, error: unknown) => void;
}

export function createServer(options: ServerOptions): FastifyInstance {
  const { origin, handlers, database } = options;
  const server = fastify({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    // Nobody stands between: an address that a header claims is not believed.
    trustProxy: false,
    routerOptions: { maxParamLength: 1_500 },
    genReqId: requestId,
    logger: false,
    exposeHeadRoutes: false,
  });
  acceptJsonAlone(server);
  let inFlight = 0;
  server.addHook('onRequest', (request, reply, done) => {
    if (request.url !== EVENTS_PATH) {
      inFlight += 1;
      reply.raw.once('close', () => (inFlight -= 1));
    }
    void reply.headers(commonHeaders).header('x-request-id', request.id);
    try {
      if (checkHost(origin, request.headers)) {
        void reply.code(302).header('location', `${origin.text}${request.url}`).send();
        return;
      }
      checkOrigin(origin, request.method, request.headers);
      if (inFlight > IN_FLIGHT_MAX) throw tooBusy();
      done();
    } catch (error) {
      done(error as Error);
    }
  });
  const identify = (request: FastifyRequest): Promise<Caller> =>
    options.identify(request.headers, () => signedMessage(request), request.ip);
  for (const name of Object.keys(handlers) as RouteName[]) {
    const { method, path } = routes[name];
    server.route({
      method,
      url: path,
      handler: async (request, reply) => {
        const { status, body } = await answerRoute(database, handlers, name, await identify(request), {
          params: request.params,
          query: request.query,
          body: request.body,
          url: request.url,
          idempotencyKey: request.headers['idempotency-key'],
          agent: request.headers['user-agent'] ?? '',
          setCookie: (value) => void reply.header('set-cookie', cookieHeader(value)),
        });
        void reply.code(status);
        return body === '' ? reply.send() : reply.type('application/json').send(body);
      },
    });
  }
  options.further(server, identify);
  server.setNotFoundHandler((request) => {
    throw isKnownPath(request.url)
      ? new HttpProblem('wrong-method', `${request.url} does not take ${request.method}; nothing was done.`)
      : new HttpProblem('no-such-route', `There is no ${request.method} here; nothing was done.`);
  });
  server.setErrorHandler((error, request, reply) => refuse(error, request, reply, options.onFault));
  return server;
}

function tooBusy(): HttpProblem {
  return new HttpProblem('busy', 'Too many requests at once; nothing was done. Try again.', {
    retryAfterSeconds: 1,
  });
}

let lastRequest = 0;
const run = Math.floor(Math.random() * 2 ** 32).toString(16);

/** Ours alone: a request id that a client sends is not repeated into logs. */
function requestId(): string {
  return `r-${run}-${(lastRequest += 1)}`;
}

const bodies = new WeakMap<object, Buffer>();

/**
 * JSON is the one form; the bytes of a signed request are kept for the check of its signature. The closed schemas
 * refuse what else it may hold.
 */
function acceptJsonAlone(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (request.headers['signature'] !== undefined) bodies.set(request.raw, body);
    if (body.length === 0) return done(null, undefined);
    try {
      return done(null, JSON.parse(body.toString('utf8')));
    } catch {
      return done(new HttpProblem('bad-form', 'The body is not JSON; nothing was done.'));
    }
  });
}

function signedMessage(request: FastifyRequest): SignedMessage {
  const key = request.headers['idempotency-key'];
  return {
    method: request.method,
    // The name was checked; a program signs the one that it used.
    targetUri: `http://${request.host}${request.url}`,
    body: bodies.get(request.raw) ?? null,
    headers: typeof key === 'string' ? [['idempotency-key', key]] : [],
  };
}

const patterns = [EVENTS_PATH, ...Object.values(routes).map(({ path }: Routes[RouteName]) => path)].map(
  (path) => new RegExp(`^${path.replace(/:[a-zA-Z]+/g, '[^/]+')}$`),
);

function isKnownPath(url: string): boolean {
  const [path = ''] = url.split('?', 1);
  return patterns.some((pattern) => pattern.test(path));
}

const fastifyCodes: Readonly<Record<string, HttpProblem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: new HttpProblem(
    'too-large',
    `A request has at most ${BODY_BYTES_MAX} bytes; nothing was done.`,
  ),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: new HttpProblem(
    'wrong-type',
    'A body is application/json; nothing was done.',
  ),
};

/** A write may have been done by then, or a part of it: only who looks knows. */
function databaseAway(method: string): HttpProblem {
  const outcome =
    method === 'GET'
      ? 'Nothing was changed and no order was sent. Ask again.'
      : 'If this was an order or a change, it may have been done: look at what came of it before you ask again. ' +
        'The same Idempotency-Key never acts twice.';
  return new HttpProblem('database-away', `The database did not answer in time. ${outcome}`, {
    retryAfterSeconds: AWAY_SECONDS,
  });
}

function refuse(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  onFault: ServerOptions['onFault'],
): unknown {
  const problem = asProblem(error, request.method);
  if (problem.code === 'fault') onFault(request.id, error);
  const body = problem.body(request.id);
  if (body.retryAfterSeconds !== null) void reply.header('retry-after', body.retryAfterSeconds);
  return reply.code(body.status).type('application/problem+json').send(JSON.stringify(body));
}

function asProblem(error: unknown, method: string): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (isDatabaseAway(error)) return databaseAway(method);
  const { code, statusCode } = error as { readonly code?: string; readonly statusCode?: number };
  const known = fastifyCodes[code ?? ''];
  if (known !== undefined) return known;
  // What the parsers of address, query and JSON refuse; their words may repeat what was sent, so ours stand there.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new HttpProblem('bad-form', 'The request cannot be read; nothing was done.');
  return new HttpProblem(
    'fault',
    'The server failed. If this was an order or a change, look at what came of it before you ask again.',
  );
}
