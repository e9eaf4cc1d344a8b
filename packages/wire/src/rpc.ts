/** Requests and answers over a framed stream: every message is one CBOR frame and carries its request's id. */
import type { Duplex } from 'node:stream';
import {
  type Cbor,
  type Codec,
  CborError,
  CodecError,
  decodeCbor,
  encodeCbor,
  toCbor,
} from '@counterfoil/vocabulary';
import { FrameReader, WireError, writeFrame } from './frames.ts';

interface Identified {
  readonly id: number;
}

/** Reads messages of one codec from a stream. `onMessage` may answer later; a bad message closes the stream. */
export function readMessages<T>(
  stream: Duplex,
  codec: Codec<T>,
  handlers: { readonly onMessage: (message: T) => void; readonly onClose: (error: Error | null) => void },
): void {
  const reader = new FrameReader();
  let failure: Error | null = null;
  stream.on('data', (chunk: Buffer) => {
    try {
      for (const frame of reader.push(chunk)) {
        if (stream.destroyed) return;
        handlers.onMessage(codec.decode(decodeCbor(frame), 'message'));
      }
    } catch (error) {
      if (!(error instanceof CborError || error instanceof CodecError || error instanceof WireError))
        throw error;
      failure = error;
      stream.destroy(error);
    }
  });
  stream.on('error', (error) => (failure ??= error));
  stream.on('end', () => {
    if (!reader.idle) failure ??= new WireError('truncated', 'the stream ended inside a message');
    stream.destroy();
  });
  stream.on('close', () => handlers.onClose(failure));
}

/** Streams with messages of this turn. */
const gathering = new WeakSet<Duplex>();

/**
 * Messages of one turn leave together at its end. A TLS record costs the same to make and to open whether it holds one
 * answer or thirty, and so does the system call beneath it.
 */
export function writeMessage<T>(stream: Duplex, codec: Codec<T>, message: T): void {
  const frame = encodeCbor(toCbor(codec, message) satisfies Cbor);
  if (!gathering.has(stream)) {
    gathering.add(stream);
    stream.cork();
    process.nextTick(() => {
      gathering.delete(stream);
      stream.uncork();
    });
  }
  writeFrame(stream, frame);
}

/**
 * The asking side. Every request is answered or fails with `WireError` `closed`, which says nothing about whether
 * the other side acted on it.
 */
export class Caller<Request extends Identified, Answer extends Identified> {
  readonly #stream: Duplex;
  readonly #requests: Codec<Request>;
  readonly #waiting = new Map<
    number,
    { resolve: (answer: Answer) => void; reject: (error: Error) => void; again: boolean }
  >();
  #nextId = 1;
  #closed: WireError | null = null;
  /** Resolves when the stream has closed. */
  readonly closed: Promise<void>;

  constructor(stream: Duplex, requests: Codec<Request>, answers: Codec<Answer>) {
    this.#stream = stream;
    this.#requests = requests;
    this.closed = new Promise((resolve) => {
      readMessages(stream, answers, {
        onMessage: (answer) => {
          const waiting = this.#waiting.get(answer.id);
          if (waiting?.again !== true) this.#waiting.delete(answer.id);
          waiting?.resolve(answer);
        },
        onClose: (cause) => {
          this.#closed = new WireError('closed', 'the connection closed before the answer', { cause });
          for (const waiting of this.#waiting.values()) waiting.reject(this.#closed);
          this.#waiting.clear();
          resolve();
        },
      });
    });
  }

  /** Sends what `make` builds for a fresh id, and waits for the answer with that id. */
  call(make: (id: number) => Request): Promise<Answer> {
    if (this.#closed !== null) return Promise.reject(this.#closed);
    return new Promise((resolve, reject) => {
      const id = this.#nextId++;
      // Encoding refuses a malformed request by throwing, which rejects; nothing waits for it then.
      writeMessage(this.#stream, this.#requests, make(id));
      this.#waiting.set(id, { resolve, reject, again: false });
    });
  }

  /** Sends what `make` builds for a fresh id, and hands over every answer with that id until the stream closes. */
  listen(make: (id: number) => Request, onAnswer: (answer: Answer) => void): void {
    if (this.#closed !== null) throw this.#closed;
    const id = this.#nextId++;
    writeMessage(this.#stream, this.#requests, make(id));
    this.#waiting.set(id, { resolve: onAnswer, reject: () => {}, again: true });
  }

  close(): void {
    this.#stream.destroy();
  }
}
