/** Reads a secret without showing it: from a terminal with its echo off, or from a pipe. */
import type { ReadStream } from 'node:tty';
import { CommandError } from './errors.ts';

/** A key in PEM is under 4 kB. */
const BYTES_MAX = 8_192;
const CTRL_C = 0x03;
const CTRL_D = 0x04;
const BACKSPACE = 0x7f;
const PEM_HEAD = Buffer.from('-----BEGIN');
const PEM_FOOT = Buffer.from('-----END PRIVATE KEY-----');

/** The bytes as typed or pasted; the caller fills them with zeros. Rejects with `CommandError` where broken off. */
export async function readHidden(input: ReadStream, prompt: string): Promise<Uint8Array> {
  const held = Buffer.alloc(BYTES_MAX);
  let length = 0;
  const typed = (chunk: Buffer): boolean => {
    for (const byte of chunk) {
      if (byte === CTRL_C) throw new CommandError('broken off; nothing was done.');
      if (input.isTTY && (byte === CTRL_D || (isEnter(byte) && isWhole(held.subarray(0, length)))))
        return true;
      if (input.isTTY && byte === BACKSPACE) length = Math.max(0, length - 1);
      else if (length === BYTES_MAX) throw new CommandError('this is longer than any key; nothing was done.');
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
    for await (const chunk of input as AsyncIterable<Buffer>) {
      const ended = typed(chunk);
      chunk.fill(0);
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
