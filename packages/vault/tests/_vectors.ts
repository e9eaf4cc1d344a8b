/** Vectors of our protocols as bytes to send; what they say is tested where the codecs are. */
import { readFileSync } from 'node:fs';

interface Repeated {
  readonly repeat: string;
  readonly times: number;
}

export interface Vector {
  readonly name: string;
  readonly hex: string | readonly (string | Repeated)[];
  /** What the value is called that a bad one names; absent in a good one. */
  readonly field?: string | null;
  readonly value?: unknown;
  readonly answer?: { readonly kind: string; readonly code?: string };
}

export interface VectorSet {
  readonly good: readonly Vector[];
  readonly bad: readonly Vector[];
}

/** One set of a committed file of ours. */
export function vectorsOf(file: string, set: string): VectorSet {
  const url = new URL(`../../../vectors/protocol/${file}.json`, import.meta.url);
  const sets = JSON.parse(readFileSync(url, 'utf8')) as Readonly<Record<string, VectorSet>>;
  const found = sets[set];
  if (found === undefined) throw new Error(`vectors/protocol/${file}.json has no ${set}`);
  return found;
}

export function bytesOf({ hex }: Pick<Vector, 'hex'>): Buffer {
  const parts = typeof hex === 'string' ? [hex] : hex;
  const text = parts.map((part) => (typeof part === 'string' ? part : part.repeat.repeat(part.times)));
  return Buffer.from(text.join(''), 'hex');
}

/** A frame: u32 big-endian length, body. */
export function framed(body: Uint8Array): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(body.length);
  return Buffer.concat([head, body]);
}
