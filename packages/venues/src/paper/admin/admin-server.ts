import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Venue } from '../venue.ts';
import type { Doors } from '../websocket/doors.ts';
import { AdminRefused, type AdminRoute } from './admin-request.ts';
import { adminRoutes } from './admin-routes.ts';

const BODY_BYTES_MAX = 64 * 1024;
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/;

/**
 * The operator's door: plain HTTP with JSON bodies, on the loopback address only. It has no password, because
 * whoever can reach it can read the exchange's folder too; what it must keep out is a web page in a browser on
 * this machine, and a page can neither choose the Host header nor send JSON without asking first.
 */
export function createAdminServer(venue: Venue, doors: Doors): Server {
  return createServer((request, response) => {
    handle(venue, doors, request, response).catch((error: unknown) => {
      process.stderr.write(
        `paper exchange, admin: ${request.method ?? ''} ${request.url ?? ''}: ${String(error)}\n`,
      );
      send(response, 500, {
        error: 'internal',
        message: 'The paper exchange failed; its log has the reason.',
      });
    });
  });
}

async function handle(
  venue: Venue,
  doors: Doors,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!LOOPBACK_HOST.test(request.headers.host ?? '')) {
    return send(response, 403, {
      error: 'bad-host',
      message: 'The admin port answers to a loopback host name only.',
    });
  }
  const url = new URL(request.url ?? '/', 'http://localhost');
  const found = findRoute(request.method ?? '', url.pathname);
  if (found === null) return send(response, 404, { error: 'not-found', message: 'No such admin route.' });
  if (request.method !== 'GET' && request.headers['content-type'] !== 'application/json') {
    return send(response, 415, { error: 'bad-type', message: 'Send the body as application/json.' });
  }
  const body = request.method === 'GET' ? {} : await readJson(request);
  try {
    const value = found.route({ venue, doors, names: found.names, query: url.searchParams, body });
    await venue.durable();
    send(response, 200, value);
  } catch (error) {
    if (error instanceof AdminRefused)
      return send(response, error.status, { error: error.code, message: error.message });
    if (error instanceof z.ZodError)
      return send(response, 400, { error: 'bad-body', message: z.prettifyError(error) });
    throw error;
  }
}

function findRoute(method: string, path: string): { route: AdminRoute; names: readonly string[] } | null {
  for (const [pattern, route] of adminRoutes) {
    const match = new RegExp(`^${pattern.replaceAll('*', '([^/]+)')}$`).exec(`${method} ${path}`);
    if (match !== null) return { route, names: match.slice(1).map(decodeURIComponent) };
  }
  return null;
}

/** `undefined`, which no schema accepts, when the body is too long or not JSON. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
    if (text.length > BODY_BYTES_MAX) return undefined;
  }
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, status: number, value: unknown): void {
  const text = JSON.stringify(value, (_name, item: unknown) =>
    typeof item === 'bigint' ? item.toString() : item,
  );
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(text);
}
