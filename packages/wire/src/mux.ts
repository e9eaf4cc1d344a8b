/**
 * Many streams over one descriptor: the gate's only door. Frames are u32 length, u32 stream, u8 type, payload.
 * Each stream has a window, so that one slow reader cannot fill the other side's memory, and the streams have a cap.
 */
import { Duplex } from 'node:stream';
import { WireError } from './frames.ts';

/** One DATA frame; larger writes are cut, so that streams share the door fairly. */
const PAYLOAD_BYTES_MAX = 64 * 1024;
/** Bytes that may be under way to a reader that has not taken them: more than a TLS record, 4 frames. */
const WINDOW_BYTES = 256 * 1024;
/** Workers, builders, the journal and venue connections of one vault; a flood stops here. */
export const STREAMS_MAX = 512;
const HEADER_BYTES = 9;

const OPEN = 0;
const DATA = 1;
const CREDIT = 2;
const END = 3;
const RESET = 4;

export interface MuxOptions {
  /** The two sides choose stream ids of different parity, so that both may open without asking. */
  readonly side: 'gate' | 'switch';
  /** A stream that the other side opened, with what it asked for. Destroy the stream to refuse it. */
  readonly onStream: (stream: MuxStream, target: Uint8Array) => void;
  /** The door closed, or the other side broke the protocol. Every stream is destroyed by then. */
  readonly onClose: (error: Error | null) => void;
}

/** One stream of a mux: a plain `Duplex`. */
export class MuxStream extends Duplex {
  readonly id: number;
  readonly #mux: Mux;
  #credit = WINDOW_BYTES;
  #ungranted = 0;
  #received = 0;
  #waiting: { chunk: Uint8Array; done: (error?: Error | null) => void } | null = null;
  #ended = false;

  constructor(mux: Mux, id: number) {
    super({ highWaterMark: PAYLOAD_BYTES_MAX });
    this.#mux = mux;
    this.id = id;
  }

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    this.#waiting = { chunk, done };
    this.#flush();
  }

  #flush(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    let rest = waiting.chunk;
    while (rest.length > 0 && this.#credit > 0) {
      const part = rest.subarray(0, Math.min(rest.length, this.#credit, PAYLOAD_BYTES_MAX));
      this.#credit -= part.length;
      rest = rest.subarray(part.length);
      this.#mux.send(this.id, DATA, part);
    }
    this.#waiting = rest.length === 0 ? null : { chunk: rest, done: waiting.done };
    if (rest.length === 0) waiting.done();
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#mux.send(this.id, END, new Uint8Array(0));
    done();
  }

  override _read(): void {
    this.#grant();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#mux.forget(this, !(this.#ended && this.writableFinished));
    done(error);
  }

  /** Gives the sender back what the reader has taken, half a window at a time. */
  #grant(): void {
    const taken = this.#ungranted - this.readableLength;
    if (taken < WINDOW_BYTES / 2) return;
    this.#ungranted -= taken;
    this.#received -= taken;
    const payload = Buffer.allocUnsafe(4);
    payload.writeUInt32BE(taken);
    this.#mux.send(this.id, CREDIT, payload);
  }

  /** The other side is gone. What it said before its end is still read: an answer must not be lost with who gave it. */
  lose(): void {
    if (this.#ended && !this.readableEnded) this.once('end', () => this.destroy());
    else this.destroy(new WireError('closed', 'the other side reset the stream'));
  }

  /** A frame from the other side. Throws `WireError` where it breaks the protocol. */
  accept(type: number, payload: Uint8Array): void {
    if (type === DATA) {
      this.#received += payload.length;
      this.#ungranted += payload.length;
      if (this.#received > WINDOW_BYTES)
        throw new WireError('protocol-violation', 'more data than the window allows');
      if (this.#ended) throw new WireError('protocol-violation', 'data after the end');
      if (this.push(payload)) this.#grant();
    } else if (type === CREDIT && payload.length === 4) {
      this.#credit += Buffer.from(payload).readUInt32BE();
      if (this.#credit > WINDOW_BYTES) throw new WireError('protocol-violation', 'more credit than was used');
      this.#flush();
    } else if (type === END && payload.length === 0 && !this.#ended) {
      this.#ended = true;
      this.push(null);
    } else {
      throw new WireError('protocol-violation', `frame type ${type} of ${payload.length} bytes`);
    }
  }
}

/** Both ends of the door. */
export class Mux {
  readonly #door: Duplex;
  readonly #options: MuxOptions;
  readonly #streams = new Map<number, MuxStream>();
  /** Streams that were reset here while frames of the other side may still be on their way. */
  readonly #closedHere = new Set<number>();
  #nextId: number;
  #buffer: Buffer = Buffer.alloc(0);
  /** Frames of this turn: they leave in one piece and one system call. */
  #leaving: Uint8Array[] = [];
  #closed = false;

  constructor(door: Duplex, options: MuxOptions) {
    this.#door = door;
    this.#options = options;
    this.#nextId = options.side === 'gate' ? 1 : 2;
    door.on('data', (chunk: Buffer) => this.#receive(chunk));
    door.on('end', () => this.close(null));
    door.on('close', () => this.close(null));
    door.on('error', (error) => this.close(error));
  }

  /** Opens a stream to `target`; throws when too many are open. */
  open(target: Uint8Array): MuxStream {
    if (this.#closed) throw new WireError('closed', 'the door is closed');
    if (this.#streams.size >= STREAMS_MAX)
      throw new WireError('protocol-violation', `over ${STREAMS_MAX} streams`);
    const stream = new MuxStream(this, this.#nextId);
    this.#nextId += 2;
    this.#streams.set(stream.id, stream);
    this.send(stream.id, OPEN, target);
    return stream;
  }

  send(id: number, type: number, payload: Uint8Array): void {
    if (this.#closed) return;
    if (this.#leaving.length === 0) process.nextTick(() => this.#leave());
    const head = Buffer.allocUnsafe(HEADER_BYTES);
    head.writeUInt32BE(payload.length, 0);
    head.writeUInt32BE(id, 4);
    head.writeUInt8(type, 8);
    this.#leaving.push(head);
    if (payload.length > 0) this.#leaving.push(payload);
  }

  #leave(): void {
    const frames = Buffer.concat(this.#leaving);
    this.#leaving = [];
    if (!this.#closed) this.#door.write(frames);
  }

  forget(stream: MuxStream, reset: boolean): void {
    if (!this.#streams.delete(stream.id) || !reset) return;
    // The other side answers a RESET with its own, or had ended already; either way its late frames are dropped.
    this.#closedHere.add(stream.id);
    if (this.#closedHere.size > STREAMS_MAX) {
      const oldest = this.#closedHere.values().next().value;
      if (oldest !== undefined) this.#closedHere.delete(oldest);
    }
    this.send(stream.id, RESET, new Uint8Array(0));
  }

  close(error: Error | null): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const stream of this.#streams.values()) {
      stream.destroy(error ?? new WireError('closed', 'the door closed'));
    }
    this.#door.destroy();
    this.#options.onClose(error);
  }

  #receive(chunk: Buffer): void {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    try {
      let at = 0;
      while (this.#buffer.length - at >= HEADER_BYTES) {
        const length = this.#buffer.readUInt32BE(at);
        if (length > PAYLOAD_BYTES_MAX)
          throw new WireError('frame-too-large', `a payload of ${length} bytes`);
        if (this.#buffer.length - at < HEADER_BYTES + length) break;
        const start = at + HEADER_BYTES;
        this.#dispatch(
          this.#buffer.readUInt32BE(at + 4),
          this.#buffer.readUInt8(at + 8),
          this.#buffer.subarray(start, start + length),
        );
        at = start + length;
      }
      this.#buffer = this.#buffer.subarray(at);
    } catch (error) {
      this.close(error as Error);
    }
  }

  #dispatch(id: number, type: number, payload: Uint8Array): void {
    if (type === OPEN) return this.#accept(id, payload);
    const stream = this.#streams.get(id);
    if (stream === undefined) {
      const late = this.#closedHere.has(id) || type === RESET || type === CREDIT || type === END;
      if (!late) throw new WireError('protocol-violation', `a frame for stream ${id}, which is not open`);
      if (type === RESET) this.#closedHere.delete(id);
      return;
    }
    if (type !== RESET) return stream.accept(type, payload);
    this.#streams.delete(id);
    stream.lose();
  }

  #accept(id: number, target: Uint8Array): void {
    const parity = this.#options.side === 'gate' ? 0 : 1;
    if (id % 2 !== parity || this.#streams.has(id))
      throw new WireError('protocol-violation', `stream id ${id}`);
    const stream = new MuxStream(this, id);
    this.#streams.set(id, stream);
    // A stream beyond the cap is refused alone; the others are not to blame.
    if (this.#streams.size > STREAMS_MAX) return void stream.destroy();
    this.#options.onStream(stream, target);
  }
}
