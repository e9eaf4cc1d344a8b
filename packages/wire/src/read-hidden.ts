/** Reads a secret without showing it: from a terminal with its echo off, or from a pipe. */

/** A terminal's or a pipe's end, as `process.stdin` is one. */
interface Input extends AsyncIterable<Buffer | string> {
  readonly isTTY: boolean;
  setRawMode(on: boolean): unknown;
}

/** Reading was broken off, or what came is no secret. Nothing of it is kept. */
export class HiddenInputError extends Error {
  override readonly name = 'HiddenInputError';
  readonly code = 'hidden-input';
}

/** A key in PEM is under 4 kB. */
const BYTES_MAX = 8_192;
const CTRL_C = 0x03;
const CTRL_D = 0x04;
const BACKSPACE = 0x7f;
const PEM_HEAD = Buffer.from('-----BEGIN');
const PEM_FOOT = Buffer.from('-----END PRIVATE KEY-----');

/** The bytes as typed or pasted; the caller fills them with zeros. Rejects with `HiddenInputError` where broken off. */
export async function readHidden(input: Input, prompt: string): Promise<Uint8Array> {
  const held = Buffer.alloc(BYTES_MAX);
  let length = 0;
  const typed = (chunk: Buffer): boolean => {
    for (const byte of chunk) {
      if (byte === CTRL_C) throw new HiddenInputError('broken off; nothing was done.');
      if (input.isTTY && (byte === CTRL_D || (isEnter(byte) && isWhole(held.subarray(0, length)))))
        return true;
      if (input.isTTY && byte === BACKSPACE) length = Math.max(0, length - 1);
      else if (length === BYTES_MAX)
        throw new HiddenInputError('this is longer than any key; nothing was done.');
      else held[length++] = byte;
    }
    return false;
  };
  if (input.isTTY) {
    // Echo off before the question: whoever is quick must not be shown either.
    input.setRawMode(true);
    process.stderr.write(prompt);
  }
  try {
    for await (const read of input) {
      const chunk = Buffer.from(read);
      const ended = typed(chunk);
      chunk.fill(0);
      if (typeof read !== 'string') read.fill(0);
      if (ended) break;
    }
    return Uint8Array.from(held.subarray(0, length));
  } finally {
    held.fill(0);
    if (input.isTTY) {
      input.setRawMode(false);
      process.stderr.write('\n');
    }
  }
}

const isEnter = (byte: number): boolean => byte === 0x0d || byte === 0x0a;

/** A secret is one line; a key in PEM ends with its last one. */
function isWhole(typed: Buffer): boolean {
  return typed.length > 0 && (typed.indexOf(PEM_HEAD) === -1 || typed.indexOf(PEM_FOOT) !== -1);
}
