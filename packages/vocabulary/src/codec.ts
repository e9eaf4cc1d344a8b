/**
 * Closed schemas: a codec turns a typed value into plain wire values and back, and refuses what it does not know.
 *
 * `packed` records become CBOR maps with integer keys (the processes' own protocols); `record` records become objects
 * with names (JSON: the HTTP contract, the ledger). Both refuse unknown and missing fields, so nothing travels that
 * the reader did not ask for.
 */
import type { Cbor } from './cbor.ts';

/** What a codec emits: JSON values, plus bytes and integer-keyed maps for CBOR. */
export type Plain =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Plain[]
  | ReadonlyMap<number, Plain>
  | { readonly [name: string]: Plain };

export interface Codec<T> {
  encode(value: T): Plain;
  /** Throws `CodecError` naming `path` when `plain` is not exactly what this codec emits. */
  decode(plain: unknown, path: string): T;
}

export type Decoded<C> = C extends Codec<infer T> ? T : never;

/** A message that does not have its schema's form. `path` says where, in the schema's own names. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly code = 'bad-form';
  readonly path: string;

  constructor(path: string, expected: string) {
    super(`${path}: expected ${expected}`);
    this.path = path;
  }
}

/** A codec for values that are their own wire form. */
export function scalar<T extends Plain>(expected: string, holds: (plain: unknown) => plain is T): Codec<T> {
  return {
    encode: (value) => value,
    decode: (plain, path) => {
      if (!holds(plain)) throw new CodecError(path, expected);
      return plain;
    },
  };
}

/** Text of `min` to `max` UTF-16 units; `pattern` anchors itself. */
export function text(max: number, pattern?: RegExp, min = 0): Codec<string> {
  return scalar(
    pattern === undefined
      ? `text of ${min} to ${max} characters`
      : `text of ${min} to ${max} characters like ${pattern}`,
    (plain): plain is string =>
      typeof plain === 'string' &&
      plain.length >= min &&
      plain.length <= max &&
      plain.isWellFormed() &&
      (pattern === undefined || pattern.test(plain)),
  );
}

/** Integer from `min` to `max`, both within ±(2^53 − 1). */
export function integer(min: number, max: number): Codec<number> {
  return scalar(
    `an integer from ${min} to ${max}`,
    (plain): plain is number =>
      typeof plain === 'number' && Number.isSafeInteger(plain) && plain >= min && plain <= max,
  );
}

export const boolean: Codec<boolean> = scalar('true or false', (plain) => typeof plain === 'boolean');

/** Byte string of `min` to `max` bytes. */
export function bytes(min: number, max = min): Codec<Uint8Array> {
  return scalar(
    min === max ? `${min} bytes` : `${min} to ${max} bytes`,
    (plain): plain is Uint8Array => plain instanceof Uint8Array && plain.length >= min && plain.length <= max,
  );
}

/** One of a closed set of words. */
export function oneOf<const W extends readonly string[]>(...words: W): Codec<W[number]> {
  return scalar(`one of ${words.join(', ')}`, (plain): plain is W[number] => words.includes(plain as string));
}

/** One of a closed set of words, as its number on the wire. Numbers are assigned for ever. */
export function numbered<const W extends Readonly<Record<string, number>>>(
  words: W,
): Codec<keyof W & string> {
  const names = new Map(Object.entries(words).map(([word, number]) => [number, word]));
  return {
    encode: (word) => words[word] as number,
    decode: (plain, path) => {
      const word = typeof plain === 'number' ? names.get(plain) : undefined;
      if (word === undefined) throw new CodecError(path, `a number of ${Object.keys(words).join(', ')}`);
      return word;
    },
  };
}

/** A value that may be absent: `null` on the wire. */
export function nullable<T>(codec: Codec<T>): Codec<T | null> {
  return {
    encode: (value) => (value === null ? null : codec.encode(value)),
    decode: (plain, path) => (plain === null ? null : codec.decode(plain, path)),
  };
}

/** At most `max` values of one kind. */
export function list<T>(codec: Codec<T>, max: number): Codec<readonly T[]> {
  return {
    encode: (values) => values.map((value) => codec.encode(value)),
    decode: (plain, path) => {
      if (!Array.isArray(plain) || plain.length > max) throw new CodecError(path, `a list of at most ${max}`);
      return plain.map((item: unknown, i) => codec.decode(item, `${path}[${i}]`));
    },
  };
}

/** Wraps a codec in a parse and a format, for branded and structured values. `parse` throws its own error. */
export function mapped<T, U>(
  codec: Codec<T>,
  parse: (value: T) => U,
  format: (value: U) => T,
  expected: string,
): Codec<U> {
  return {
    encode: (value) => codec.encode(format(value)),
    decode: (plain, path) => {
      const inner = codec.decode(plain, path);
      try {
        return parse(inner);
      } catch (cause) {
        const error = new CodecError(path, expected);
        error.cause = cause;
        throw error;
      }
    },
  };
}

type Fields = Readonly<Record<string, Codec<unknown>>>;
type RecordOf<F extends Fields> = { readonly [K in keyof F]: Decoded<F[K]> };

/** An object with exactly these fields. */
export function record<F extends Fields>(fields: F): Codec<RecordOf<F>> {
  const names = Object.keys(fields);
  return {
    encode: (value) =>
      Object.fromEntries(names.map((name) => [name, (fields[name] as Codec<unknown>).encode(value[name])])),
    decode: (plain, path) => {
      if (
        typeof plain !== 'object' ||
        plain === null ||
        Array.isArray(plain) ||
        plain instanceof Uint8Array
      ) {
        throw new CodecError(path, 'an object');
      }
      const stray = Object.keys(plain).find((name) => !Object.hasOwn(fields, name));
      if (stray !== undefined) throw new CodecError(`${path}.${stray}`, 'no such field');
      const source = plain as Readonly<Record<string, unknown>>;
      const out: Record<string, unknown> = {};
      for (const name of names) {
        if (!Object.hasOwn(source, name)) throw new CodecError(`${path}.${name}`, 'a value');
        out[name] = (fields[name] as Codec<unknown>).decode(source[name], `${path}.${name}`);
      }
      return out as RecordOf<F>;
    },
  };
}

type PackedFields = Readonly<Record<string, readonly [key: number, codec: Codec<unknown>]>>;
type PackedOf<F extends PackedFields> = { readonly [K in keyof F]: Decoded<F[K][1]> };

/** A CBOR map with exactly these integer keys; `null` values are left out, so that absent has one form. */
export function packed<F extends PackedFields>(fields: F): Codec<PackedOf<F>> {
  const entries = Object.entries(fields);
  const keys = new Set(entries.map(([, [key]]) => key));
  if (keys.size !== entries.length) throw new Error('two fields share a key');
  return {
    encode: (value) => {
      const map = new Map<number, Plain>();
      for (const [name, [key, codec]] of entries) {
        const plain = codec.encode(value[name]);
        if (plain !== null) map.set(key, plain);
      }
      return map;
    },
    decode: (plain, path) => {
      if (!(plain instanceof Map)) throw new CodecError(path, 'a map');
      for (const [key, value] of plain as Map<unknown, unknown>) {
        if (!keys.has(key as number)) throw new CodecError(`${path}.${String(key)}`, 'no such key');
        if (value === null)
          throw new CodecError(`${path}.${String(key)}`, 'no null: absent fields are left out');
      }
      const out: Record<string, unknown> = {};
      for (const [name, [key, codec]] of entries) {
        out[name] = codec.decode((plain as Map<number, unknown>).get(key) ?? null, `${path}.${name}`);
      }
      return out as PackedOf<F>;
    },
  };
}

type Variants = Readonly<Record<string, readonly [tag: number, codec: Codec<object>]>>;
type VariantOf<V extends Variants> = {
  [K in keyof V & string]: { readonly kind: K } & Decoded<V[K][1]>;
}[keyof V & string];

/** A discriminated union on `kind`: `[tag, body]` on the wire. */
export function variants<V extends Variants>(cases: V): Codec<VariantOf<V>> {
  const byTag = new Map(Object.entries(cases).map(([kind, [tag, codec]]) => [tag, { kind, codec }]));
  if (byTag.size !== Object.keys(cases).length) throw new Error('two kinds share a tag');
  return {
    encode: (value) => {
      const [tag, codec] = cases[value.kind] as readonly [number, Codec<object>];
      return [tag, codec.encode(value)];
    },
    decode: (plain, path) => {
      const known = Array.isArray(plain) && plain.length === 2 ? byTag.get(plain[0] as number) : undefined;
      if (known === undefined) throw new CodecError(path, `[tag, body] of ${Object.keys(cases).join(', ')}`);
      const body = known.codec.decode((plain as readonly unknown[])[1], `${path}.${known.kind}`);
      return { kind: known.kind, ...body } as VariantOf<V>;
    },
  };
}

/** What a codec of `packed`, `variants`, scalars and lists emits is CBOR; `record` is for JSON alone. */
export function toCbor<T>(codec: Codec<T>, value: T): Cbor {
  return codec.encode(value) as Cbor;
}
