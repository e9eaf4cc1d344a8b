import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { refusals } from '../core/refusals.ts';
import type { RequestFault } from '../faults.ts';
import type { Venue } from '../venue.ts';
import { answerRequest, refusalAnswer, routeNamed, type RestAnswer, type RestRequest } from './answer.ts';

/** The largest real request is a few hundred bytes. */
const BODY_BYTES_MAX = 8_192;

/** Answers every REST request of a venue; the returned function is the handler of its HTTPS server. */
export function restHandler(venue: Venue): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    handle(venue, request, response).catch((error: unknown) => {
      // A broken invariant. The client learns what a client of a broken exchange learns: nothing about the outcome.
      process.stderr.write(
        `paper exchange: ${request.method ?? ''} ${request.url ?? ''} failed: ${String(error)}\n`,
      );
      send(response, refusalAnswer(refusals.unknown));
    });
  };
}

async function handle(venue: Venue, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const request = await readRequest(incoming);
  if (request === null) return send(response, { status: 413, body: '' });
  const route = routeNamed(`${request.method} ${request.path}`);
  if (route === undefined)
    return send(response, { status: 404, body: '<html><body>Not found</body></html>' });

  const admission = venue.limiter.admit(request.ip, route.weight, venue.now());
  response.setHeader('x-mbx-used-weight', admission.used);
  response.setHeader('x-mbx-used-weight-1m', admission.used);
  if (admission.refusal !== null) {
    response.setHeader('retry-after', Math.ceil(admission.retryAfterMs / 1_000));
    return send(response, refusalAnswer(admission.refusal));
  }
  const fault = venue.faults.take(request.method, request.path);
  if (fault?.kind === 'refuse') return send(response, refusalAnswer(fault.refusal));
  if (fault?.kind === 'late-arrival') await delay(fault.delayMs);
  const answer = answerRequest(venue, route, request);
  await venue.durable();
  await sendThrough(fault, response, answer);
}

/** What a fault makes of an answer that is already true. */
async function sendThrough(
  fault: RequestFault | null,
  response: ServerResponse,
  answer: RestAnswer,
): Promise<void> {
  if (fault?.kind === 'lost-answer') {
    response.destroy();
    return;
  }
  if (fault?.kind === 'slow-answer') await delay(fault.delayMs);
  send(response, fault?.kind === 'unknown-outcome' ? refusalAnswer(fault.refusal) : answer);
}

function send(response: ServerResponse, answer: RestAnswer): void {
  response.writeHead(answer.status, {
    'content-type': 'application/json;charset=UTF-8',
    'content-length': Buffer.byteLength(answer.body),
    'x-counterfoil-simulated': 'paper exchange',
    ...(answer.orderCounts === undefined
      ? {}
      : {
          'x-mbx-order-count-10s': answer.orderCounts.tenSeconds,
          'x-mbx-order-count-1d': answer.orderCounts.day,
        }),
  });
  response.end(answer.body);
}

/** `null` when the body is longer than any honest one. */
async function readRequest(incoming: IncomingMessage): Promise<RestRequest | null> {
  const body = await readBody(incoming);
  if (body === null) return null;
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const apiKey = incoming.headers['x-mbx-apikey'];
  return {
    method: incoming.method ?? '',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    body,
    apiKey: typeof apiKey === 'string' ? apiKey : undefined,
    ip: (incoming.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
  };
}

/** By events: an asynchronous iterator costs as much as verifying the request's signature. */
function readBody(incoming: IncomingMessage): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    incoming.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX) resolve(null);
      else chunks.push(chunk);
    });
    incoming.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    incoming.on('error', reject);
  });
}
