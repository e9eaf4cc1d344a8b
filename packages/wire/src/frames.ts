/** Frames on a byte stream: u32 big-endian length, then that many bytes. */
import type { Duplex } from 'node:stream';

/** Largest frame that any of our protocols needs: a `read` answer of the journal with 4,096 entries is 1.5 MB. */
export const FRAME_BYTES_MAX = 4 * 1024 * 1024;

export class WireError extends Error {
  override readonly name = 'WireError';
  readonly code: 'frame-too-large' | 'truncated' | 'protocol-violation' | 'peer-not-enrolled' | 'closed';

  constructor(code: WireError['code'], sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.code = code;
  }
}

/** Cuts a byte stream into frames. Memory is bounded by one frame. */
export class FrameReader {
  readonly #bytesMax: number;
  #chunks: Uint8Array[] = [];
  #buffered = 0;
  #wanted: number | null = null;

  constructor(bytesMax = FRAME_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** Feeds a chunk; yields the frames that it completes. Throws `WireError` for a frame over the bound. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    for (;;) {
      if (this.#wanted === null) {
        if (this.#buffered < 4) return;
        const head = this.#take(4);
        const length = new DataView(head.buffer, head.byteOffset, 4).getUint32(0);
        if (length > this.#bytesMax) {
          throw new WireError('frame-too-large', `a frame of ${length} bytes exceeds ${this.#bytesMax}`);
        }
        this.#wanted = length;
      }
      if (this.#buffered < this.#wanted) return;
      const frame = this.#take(this.#wanted);
      this.#wanted = null;
      yield frame;
    }
  }

  /** Whether the stream stands between frames, as it must at its end. */
  get idle(): boolean {
    return this.#buffered === 0 && this.#wanted === null;
  }

  #take(length: number): Uint8Array {
    this.#buffered -= length;
    const first = this.#chunks[0] ?? new Uint8Array(0);
    if (first.length === length) {
      this.#chunks.shift();
      return first;
    }
    if (first.length > length) {
      this.#chunks[0] = first.subarray(length);
      return first.subarray(0, length);
    }
    const whole = Buffer.concat(this.#chunks);
    this.#chunks = whole.length > length ? [whole.subarray(length)] : [];
    return whole.subarray(0, length);
  }
}

/** Writes one frame, in one piece: a stream works on each piece, and TLS makes a record of it. */
export function writeFrame(stream: Duplex, body: Uint8Array): void {
  const frame = Buffer.allocUnsafe(4 + body.length);
  frame.writeUInt32BE(body.length);
  frame.set(body, 4);
  stream.write(frame);
}
