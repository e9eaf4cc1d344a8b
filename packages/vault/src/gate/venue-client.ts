/** HTTP/1.1 to a venue over TLS that ends here; the switch carries the bytes and sees the host's name, no more. */
import { Agent, request as httpRequest } from 'node:http';
import { type TLSSocket, connect, createSecureContext } from 'node:tls';
import type { Duplex } from 'node:stream';
import type { CheckedRequest } from './wire-check.ts';
import type { Key } from './keyring.ts';
import { nowMs } from './clock.ts';
import type { Manifest, StreamRule } from './manifest.ts';
import { Patience } from './patience.ts';
import { signRequest } from './signer.ts';
import { type SocketHandlers, WebSocketClient } from './web-socket.ts';

/** Longer than any exchange takes to answer or time out on its own side; then the outcome is unknown. */
const ANSWER_MS_MAX = 10_000;
/** Order answers are under 4 kB; a flood of bytes is cut here. */
const ANSWER_BYTES_MAX = 1_048_576;
/** Connections kept to one venue: enough to keep two cores busy, far under any venue's limit. */
const SOCKETS_MAX = 16;

export interface VenueAnswer {
  readonly status: number;
  readonly body: Uint8Array;
  /** The venue's clock, milliseconds, as its `Date` header says to the second; null where it sent none. */
  readonly dateMs: number | null;
}

export class VenueClient {
  readonly manifest: Manifest;
  /** `https://host:port`, as the builder must write it. */
  readonly origin: string;
  readonly patience: Patience;
  readonly #host: string;
  readonly #port: number;
  readonly #agent: Agent;
  readonly #dial: (host: string) => TLSSocket;
  readonly #turns = new WeakMap<Key, Promise<void>>();
  #lastNonce = 0;
  #driftMs: number | null = null;

  constructor(
    manifest: Manifest,
    host: string,
    port: number,
    /** Whose certificates hold there, as PEM. */
    authorities: readonly string[],
    open: (host: string, port: number) => Duplex,
  ) {
    this.manifest = manifest;
    this.patience = new Patience(manifest.weight);
    this.origin = `https://${host}:${port}`;
    this.#host = host;
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: SOCKETS_MAX, scheduling: 'lifo' });
    this.#agent.createConnection = () => this.#dial(host);
    const secureContext = createSecureContext({ ca: [...authorities], minVersion: 'TLSv1.2' });
    this.#dial = (to) =>
      connect({
        socket: open(to, port),
        secureContext,
        // An address has no server name to send; the certificate must name the address all the same.
        ...(/^[0-9.]+$/.test(to) ? { host: to } : { servername: to, host: to }),
        rejectUnauthorized: true,
      });
  }

  /** A request's time; where the venue counts, a number above every earlier one, in microseconds. */
  nonce(): number {
    if (this.manifest.nonce === 'time') return nowMs();
    this.#lastNonce = Math.max(this.#lastNonce + 1, nowMs() * 1_000);
    return this.#lastNonce;
  }

  /** How far the venue's clock was from ours at its last answer, to the second; null before the first. */
  get driftMs(): number | null {
    return this.#driftMs;
  }

  /**
   * Works on one request of a key after the other where nonces must arrive in order. Where time stamps are sent,
   * requests pass each other and nobody waits.
   */
  inTurn<T>(key: Key, work: () => Promise<T>): Promise<T> {
    if (this.manifest.nonce === 'time') return work();
    const result = (this.#turns.get(key) ?? Promise.resolve()).then(work);
    this.#turns.set(
      key,
      result.then(
        () => {},
        () => {},
      ),
    );
    return result;
  }

  /**
   * Puts key and signature into their places and sends. Rejects where no answer came: nobody knows then whether the
   * request arrived.
   */
  send(checked: CheckedRequest, key: Key): Promise<VenueAnswer> {
    const { path, headers, body } = signRequest(this.manifest, checked, key);
    return this.#exchange(checked.plan.rule.method, path, headers, body);
  }

  /** A WebSocket to where the private stream is; the request that begins it is the caller's. */
  openStream(rule: StreamRule, handlers: SocketHandlers): WebSocketClient {
    const host = rule.host ?? this.#host;
    const port = this.#port === 443 ? '' : `:${this.#port}`;
    return new WebSocketClient(this.#dial(host), `${host}${port}`, rule.path, handlers);
  }

  /** Reads what everybody may read. */
  read(path: string): Promise<VenueAnswer> {
    if (this.patience.isOver) return Promise.reject(new Error('the venue demands a pause'));
    return this.#exchange('GET', path, {}, '');
  }

  #exchange(
    method: string,
    path: string,
    headers: Readonly<Record<string, string | undefined>>,
    body: string,
  ): Promise<VenueAnswer> {
    return new Promise((resolve, reject) => {
      const request = httpRequest({
        agent: this.#agent,
        host: this.#host,
        port: this.#port,
        method,
        path,
        headers: { ...headers, 'Content-Length': String(Buffer.byteLength(body)) },
      });
      const timer = setTimeout(() => request.destroy(new Error('no answer in time')), ANSWER_MS_MAX);
      const fail = (error: Error): void => {
        clearTimeout(timer);
        reject(error);
      };
      request.on('error', fail);
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let length = 0;
        response.on('data', (chunk: Buffer) => {
          length += chunk.length;
          if (length > ANSWER_BYTES_MAX) request.destroy(new Error('an answer over the bound'));
          chunks.push(chunk);
        });
        response.on('error', fail);
        response.on('aborted', () => fail(new Error('the answer broke off')));
        response.on('end', () => {
          clearTimeout(timer);
          this.patience.hear(response.statusCode ?? 0, response.headers);
          const dateMs = Date.parse(response.headers.date ?? '');
          if (Number.isFinite(dateMs)) this.#driftMs = Math.abs(dateMs - nowMs());
          resolve({
            status: response.statusCode ?? 0,
            body: Buffer.concat(chunks),
            dateMs: Number.isFinite(dateMs) ? dateMs : null,
          });
        });
      });
      request.end(body);
    });
  }
}
