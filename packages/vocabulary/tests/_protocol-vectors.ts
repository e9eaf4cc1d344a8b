/** The vectors of our own protocols, and which of them a codec fails: what tests and their planted changes use. */
import { readFileSync } from 'node:fs';
import { type Codec, CborError, CodecError, decodeCbor, encodeCbor, toCbor } from '../src/index.ts';
import { differences, type Neutral, toNeutral } from './_neutral.ts';

export interface Good {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly value: Neutral;
}

export interface Bad {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The path that the refusal names, or null where the bytes are not in canonical form at all. */
  readonly field: string | null;
}

export interface Vectors {
  readonly good: readonly Good[];
  readonly bad: readonly Bad[];
}

interface Repeated {
  readonly repeat: string | readonly Neutral[];
  readonly times: number;
}

/** A committed file of ours, as it is written down: long runs are `{repeat, times}`. */
interface Written {
  readonly good: readonly { readonly name: string; readonly hex: Hex; readonly value: Neutral }[];
  readonly bad: readonly { readonly name: string; readonly hex: Hex; readonly field: string | null }[];
}
type Hex = string | readonly (string | { readonly repeat: string; readonly times: number })[];

/** A file's sets of vectors by name; a file that is one set has it under `''`. */
export function readVectors(file: string): Readonly<Record<string, Vectors>> {
  const url = new URL(`../../../vectors/protocol/${file}.json`, import.meta.url);
  const { about: _about, ...sets } = JSON.parse(readFileSync(url, 'utf8')) as Readonly<
    Record<string, unknown>
  >;
  if ('good' in sets) return { '': whole(sets as unknown as Written) };
  return Object.fromEntries(Object.entries(sets).map(([name, set]) => [name, whole(set as Written)]));
}

function whole({ good, bad }: Written): Vectors {
  return {
    good: good.map(({ name, hex, value }) => ({ name, bytes: bytesOf(hex), value: expand(value) })),
    bad: bad.map(({ name, hex, field }) => ({ name, bytes: bytesOf(hex), field })),
  };
}

function bytesOf(hex: Hex): Uint8Array {
  const parts = typeof hex === 'string' ? [hex] : hex;
  const text = parts
    .map((part) => (typeof part === 'string' ? part : part.repeat.repeat(part.times)))
    .join('');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function expand(value: Neutral): Neutral {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Neutral[]).map(expand);
  const { repeat, times } = value as Partial<Repeated>;
  if (repeat === undefined || times === undefined)
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, expand(field)]));
  if (typeof repeat === 'string') return repeat.repeat(times);
  return Array.from({ length: times }, () => repeat.map(expand)).flat();
}

/** Names of the vectors that `codec` does not treat as they say, with what it did instead. */
export function* failures(codec: Codec<unknown>, root: string, { good, bad }: Vectors): Generator<string> {
  for (const vector of good) {
    const failure = goodFailure(codec, root, vector);
    if (failure !== null) yield `${vector.name}: ${failure}`;
  }
  for (const vector of bad) {
    const failure = badFailure(codec, root, vector);
    if (failure !== null) yield `${vector.name}: ${failure}`;
  }
}

function goodFailure(codec: Codec<unknown>, root: string, { bytes, value }: Good): string | null {
  try {
    const decoded = codec.decode(decodeCbor(bytes), root);
    const wrong = differences(toNeutral(decoded), value);
    if (wrong.length > 0) return `${wrong.join(', ')} differs`;
    const again = encodeCbor(toCbor(codec, decoded));
    return Buffer.compare(again, bytes) === 0 ? null : 'is written in another way';
  } catch (error) {
    return String(error);
  }
}

function badFailure(codec: Codec<unknown>, root: string, { bytes, field }: Bad): string | null {
  try {
    codec.decode(decodeCbor(bytes), root);
    return 'is accepted';
  } catch (error) {
    if (error instanceof CborError) return field === null ? null : 'is not canonical';
    if (!(error instanceof CodecError)) throw error;
    return error.path === field ? null : `is refused at ${error.path}, not at ${field}`;
  }
}
