/**
 * WebSocket frames as a client reads and writes them (RFC 6455 §5). What a venue may not send closes the connection:
 * masked frames, reserved bits, unknown opcodes, control frames in pieces, text that is not UTF-8.
 */
import { randomBytes } from 'node:crypto';

/** Binance's largest event, an account with every asset, is some 200 kB. */
export const MESSAGE_BYTES_MAX = 1_048_576;
/** RFC 6455 §5.5. */
const CONTROL_BYTES_MAX = 125;

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

export type Message =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'ping'; readonly payload: Buffer }
  | { readonly kind: 'pong' }
  | { readonly kind: 'close' };

export class FrameError extends Error {
  override readonly name = 'FrameError';
  readonly code = 'bad-frame';
}

/** Cuts a stream of bytes into messages; throws `FrameError` for what must not come, and is of no use after. */
export class FrameParser {
  #chunks: Buffer[] = [];
  #length = 0;
  #parts: Buffer[] = [];
  #partsLength = 0;
  #inMessage = false;

  push(chunk: Buffer): readonly Message[] {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const messages: Message[] = [];
    for (let message = this.#next(); message !== null; message = this.#next())
      if (message !== 'part') messages.push(message);
    return messages;
  }

  /** The next whole frame, if it has come: a message, or a part of one. */
  #next(): Message | 'part' | null {
    const head = this.#peek(10);
    const [first = 0, second = 0] = head;
    if (head.length < 2) return null;
    if ((first & 0x70) !== 0) throw new FrameError('a reserved bit is set');
    if ((second & 0x80) !== 0) throw new FrameError('a masked frame from a server');
    const short = second & 0x7f;
    const size = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (head.length < 2 + size) return null;
    // Eight bytes of length: the upper four are zero in every message under the bound.
    const length = size === 0 ? short : size === 2 ? head.readUInt16BE(2) : Number(head.readBigUInt64BE(2));
    if (length < (size === 2 ? 126 : size === 8 ? 65_536 : 0))
      throw new FrameError('a length in a longer form');
    if (length + this.#partsLength > MESSAGE_BYTES_MAX) throw new FrameError('a message over the bound');
    if (this.#length < 2 + size + length) return null;
    const payload = this.#take(2 + size + length).subarray(2 + size);
    return this.#frame((first & 0x80) !== 0, first & 0x0f, payload);
  }

  #frame(isLast: boolean, opcode: number, payload: Buffer): Message | 'part' {
    if (opcode >= CLOSE) {
      if (!isLast || payload.length > CONTROL_BYTES_MAX) throw new FrameError('a control frame in pieces');
      if (opcode === CLOSE) return { kind: 'close' };
      if (opcode === PING) return { kind: 'ping', payload };
      if (opcode === PONG) return { kind: 'pong' };
      throw new FrameError('an unknown opcode');
    }
    if (opcode === BINARY) throw new FrameError('bytes where text is spoken');
    if (opcode !== (this.#inMessage ? CONTINUATION : TEXT)) throw new FrameError('a frame out of order');
    this.#parts.push(payload);
    this.#partsLength += payload.length;
    this.#inMessage = !isLast;
    if (!isLast) return 'part';
    const whole = Buffer.concat(this.#parts);
    this.#parts = [];
    this.#partsLength = 0;
    return { kind: 'text', text: decode(whole) };
  }

  #peek(count: number): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && (first.length >= count || this.#chunks.length === 1))
      return first.subarray(0, count);
    return this.#joined().subarray(0, count);
  }

  #take(count: number): Buffer {
    const all = this.#joined();
    this.#chunks = [all.subarray(count)];
    this.#length -= count;
    return all.subarray(0, count);
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    const all = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    return all;
  }
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new FrameError('text that is not UTF-8', { cause });
  }
}

/** A client's frame: whole and masked. */
export function clientFrame(kind: 'text' | 'pong' | 'close', payload: Buffer): Buffer {
  const opcode = kind === 'text' ? TEXT : kind === 'pong' ? PONG : CLOSE;
  const mask = randomBytes(4);
  const head = payload.length < 126 ? Buffer.alloc(2) : Buffer.alloc(4);
  head[0] = 0x80 | opcode;
  head[1] = 0x80 | (payload.length < 126 ? payload.length : 126);
  // A login is under 1 kB.
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  const masked = Buffer.from(payload.map((byte, i) => byte ^ (mask[i & 3] ?? 0)));
  return Buffer.concat([head, mask, masked]);
}
