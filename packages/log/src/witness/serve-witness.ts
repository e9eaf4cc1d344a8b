/** The witness over HTTP: `POST /add-checkpoint` for logs, `GET /<hex of origin hash>/checkpoint` for everybody. */
import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADD_CHECKPOINT_BYTES_MAX, monitoringPath } from '../library/add-checkpoint.ts';
import { sha256Into } from '../node.ts';
import type { VerifierKey } from '../library/verifier-key.ts';
import { openWitness } from './witness-folder.ts';
import type { Witness } from './witness.ts';

/** A request is a few kilobytes; a client that takes longer is not a log. */
const REQUEST_MS_MAX = 10_000;
const CONNECTIONS_MAX = 256;

/** An HTTP server for `witness`, not listening yet. */
export function witnessServer(witness: Witness): Server {
  const paths = new Map(witness.origins.map((origin) => [`/${monitoringPath(sha256Into, origin)}`, origin]));
  const server = createServer(
    { requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX },
    (request, response) => {
      answer(witness, paths, request, response).catch(() => {
        // The disk failed before the state was durable: nothing was signed, and the log tries again later.
        response.destroy();
      });
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  return server;
}

export interface ServedWitness {
  /** Verifier key, for policies. */
  readonly key: VerifierKey;
  readonly url: string;
  close(): Promise<void>;
}

/** Opens the witness in `folder` and serves it: `counterfoil witness serve`. */
export async function serveWitness(
  folder: string,
  port: number,
  host: string,
  clock: () => number,
): Promise<ServedWitness> {
  const opened = openWitness(folder, clock);
  const server = witnessServer(opened.witness);
  server.listen(port, host);
  await once(server, 'listening').catch((error: unknown) => {
    opened.close();
    throw error;
  });
  const address = server.address() as AddressInfo;
  return {
    key: opened.witness.key,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      opened.close();
    },
  };
}

async function answer(
  witness: Witness,
  paths: ReadonlyMap<string, string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method === 'POST' && request.url === '/add-checkpoint') {
    const body = await readBody(request);
    if (body === undefined) return end(response, 413, 'text/plain', 'body too long\n');
    const { status, type, body: text } = witness.addCheckpoint(body);
    return end(response, status, type, text);
  }
  const origin = request.method === 'GET' ? paths.get(request.url ?? '') : undefined;
  const note = origin === undefined ? undefined : witness.latest(origin);
  if (note === undefined || note.length === 0) return end(response, 404, 'text/plain', 'nothing here\n');
  response.setHeader('cache-control', 'no-cache');
  end(response, 200, 'text/plain; charset=utf-8', Buffer.from(note));
}

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ADD_CHECKPOINT_BYTES_MAX) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function end(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}
