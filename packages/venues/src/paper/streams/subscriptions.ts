import type { WebSocket } from 'ws';

/** Streams one connection may subscribe to, as at the imitated exchange. */
const STREAMS_PER_CONNECTION_MAX = 1_024;
/**
 * Unsent bytes after which a connection is cut: it reads slower than the market moves, and what it would get
 * is stale. A reconnect gives it the present.
 */
const UNSENT_BYTES_MAX = 4 * 1024 * 1024;

/** One connection to the market streams. */
export interface Subscriber {
  readonly socket: WebSocket;
  readonly streams: Set<string>;
  /** Combined connections get `{stream, data}`, raw ones the data alone. */
  isCombined: boolean;
}

/** Who listens to which stream. */
export class Subscriptions {
  readonly #byStream = new Map<string, Set<Subscriber>>();

  /** Names of all streams that somebody listens to. */
  get streams(): Iterable<string> {
    return this.#byStream.keys();
  }

  has(stream: string): boolean {
    return this.#byStream.has(stream);
  }

  /** False when the connection has as many streams as it may have. */
  add(subscriber: Subscriber, stream: string): boolean {
    if (subscriber.streams.size >= STREAMS_PER_CONNECTION_MAX) return false;
    subscriber.streams.add(stream);
    const listeners = this.#byStream.get(stream);
    if (listeners === undefined) this.#byStream.set(stream, new Set([subscriber]));
    else listeners.add(subscriber);
    return true;
  }

  remove(subscriber: Subscriber, stream: string): void {
    subscriber.streams.delete(stream);
    const listeners = this.#byStream.get(stream);
    listeners?.delete(subscriber);
    if (listeners?.size === 0) this.#byStream.delete(stream);
  }

  removeAll(subscriber: Subscriber): void {
    for (const stream of subscriber.streams) this.remove(subscriber, stream);
  }

  /** Sends one frame to everyone who listens; it is serialised once per form. */
  publish(stream: string, frame: unknown): void {
    const listeners = this.#byStream.get(stream);
    if (listeners === undefined) return;
    const raw = JSON.stringify(frame);
    const combined = `{"stream":${JSON.stringify(stream)},"data":${raw}}`;
    for (const { socket, isCombined } of listeners) {
      if (socket.bufferedAmount > UNSENT_BYTES_MAX) socket.terminate();
      else socket.send(isCombined ? combined : raw);
    }
  }
}
