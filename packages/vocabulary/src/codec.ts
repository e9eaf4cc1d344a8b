/**
 * Closed schemas: a codec turns a typed value into plain wire values and back, and refuses what it does not know.
 *
 * `packed` records become CBOR maps with integer keys (the processes' own protocols); `record` records become objects
 * with names (JSON: the HTTP contract, the ledger). Both refuse unknown and missing fields, so nothing travels that
 * the reader did not ask for.
 *
 * Both directions check. A writer that emits what its reader refuses finds out when the order is already at the
 * venue and the record of it is lost; refusing at `encode` happens before anything has left.
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

/** `path` is what errors call the value: the name of the message, and below it the fields. */
export interface Codec<T> {
  /** Throws `CodecError` for a value that `decode` would refuse. */
  encode(value: T, path: string): Plain;
  /** Throws `CodecError` when `plain` is not exactly what this codec emits. */
  decode(plain: unknown, path: string): T;
}

export type Decoded<C> = C extends Codec<infer T> ? T : never;

/** A message that does not have its schema's form. `path` says where, in the schema's own names. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  readonly code = 'bad-form';
  readonly path: string;

  constructor(path: string, expected: string, options?: ErrorOptions) {
    const why = options?.cause instanceof Error ? ` (${options.cause.message})` : '';
    super(`${path}: expected ${expected}${why}`, options);
    this.path = path;
  }
}

/** A codec for values that are their own wire form. */
export function scalar<T extends Plain>(expected: string, holds: (plain: unknown) => plain is T): Codec<T> {
  const check = (plain: unknown, path: string): T => {
    if (!holds(plain)) throw new CodecError(path, expected);
    return plain;
  };
  return { encode: check, decode: check };
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

/** Integer from `min` to `max`, both within ±(2^53 − 1). JSON can spell −0, which is refused: zero has one form. */
export function integer(min: number, max: number): Codec<number> {
  return scalar(
    `an integer from ${min} to ${max}`,
    (plain): plain is number =>
      typeof plain === 'number' &&
      Number.isSafeInteger(plain) &&
      !Object.is(plain, -0) &&
      plain >= min &&
      plain <= max,
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
  const numbers = new Map(Object.entries(words));
  const names = new Map(Object.entries(words).map(([word, number]) => [number, word]));
  if (names.size !== numbers.size) throw new Error('two words share a number');
  return {
    encode: (word, path) => {
      const number = numbers.get(word);
      if (number === undefined) throw new CodecError(path, `one of ${Object.keys(words).join(', ')}`);
      return number;
    },
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
    encode: (value, path) => (value === null ? null : codec.encode(value, path)),
    decode: (plain, path) => (plain === null ? null : codec.decode(plain, path)),
  };
}

/**
 * `work` on every item. Where it throws, it is done again with the item's own path, because spelling out the path of
 * every hash in a receipt took longer than checking it.
 */
function eachItem<T, U>(items: readonly T[], path: string, work: (item: T, path: string) => U): U[] {
  const results: U[] = [];
  for (const [i, item] of items.entries()) {
    try {
      results.push(work(item, path));
    } catch (error) {
      work(item, `${path}[${i}]`);
      throw error;
    }
  }
  return results;
}

/** At most `max` values of one kind. */
export function list<T>(codec: Codec<T>, max: number): Codec<readonly T[]> {
  const check = (plain: unknown, path: string): void => {
    if (!Array.isArray(plain) || plain.length > max) throw new CodecError(path, `a list of at most ${max}`);
  };
  return {
    encode: (values, path) => {
      check(values, path);
      return eachItem(values, path, (value, at) => codec.encode(value, at));
    },
    decode: (plain, path) => {
      check(plain, path);
      return eachItem(plain as readonly unknown[], path, (item, at) => codec.decode(item, at));
    },
  };
}

/**
 * Wraps a codec in a parse and a format, for branded and structured values. `parse` throws its own error, which
 * becomes the cause. Encoding parses what it formatted: a value with no wire form is refused by the writer.
 */
export function mapped<T, U>(
  codec: Codec<T>,
  parse: (value: T) => U,
  format: (value: U) => T,
  expected: string,
): Codec<U> {
  const orRefuse = <R>(path: string, work: () => R): R => {
    try {
      return work();
    } catch (cause) {
      throw new CodecError(path, expected, { cause });
    }
  };
  return {
    encode: (value, path) => {
      const inner = orRefuse(path, () => format(value));
      const plain = codec.encode(inner, path);
      orRefuse(path, () => parse(inner));
      return plain;
    },
    decode: (plain, path) => {
      const inner = codec.decode(plain, path);
      return orRefuse(path, () => parse(inner));
    },
  };
}

type Fields = Readonly<Record<string, Codec<unknown>>>;
type RecordOf<F extends Fields> = { readonly [K in keyof F]: Decoded<F[K]> };

/** An object with exactly these fields. */
export function record<F extends Fields>(fields: F): Codec<RecordOf<F>> {
  const entries = Object.entries(fields);
  return {
    encode: (value, path) =>
      Object.fromEntries(
        entries.map(([name, codec]) => [name, codec.encode(ownField(value, name, path), `${path}.${name}`)]),
      ),
    decode: (plain, path) => {
      if (!isPlainObject(plain)) throw new CodecError(path, 'an object');
      const stray = Object.keys(plain).find((name) => !Object.hasOwn(fields, name));
      if (stray !== undefined) throw new CodecError(`${path}.${stray}`, 'no such field');
      // `fromEntries` defines fields; an assignment to a field named `__proto__` would set the prototype.
      return Object.fromEntries(
        entries.map(([name, codec]) => [name, codec.decode(ownField(plain, name, path), `${path}.${name}`)]),
      ) as RecordOf<F>;
    },
  };
}

/** What JSON.parse makes of `{…}`: no class, no list, no map. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A field of its own: `constructor` and the like are there in every object, but nobody sent them. */
function ownField(source: unknown, name: string, path: string): unknown {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name))
    throw new CodecError(`${path}.${name}`, 'a value');
  return (source as Readonly<Record<string, unknown>>)[name];
}

type PackedFields = Readonly<Record<string, readonly [key: number, codec: Codec<unknown>]>>;
type PackedOf<F extends PackedFields> = { readonly [K in keyof F]: Decoded<F[K][1]> };

/** A CBOR map with exactly these integer keys; `null` values are left out, so that absent has one form. */
export function packed<F extends PackedFields>(fields: F): Codec<PackedOf<F>> {
  const entries = Object.entries(fields);
  const keys = new Set(entries.map(([, [key]]) => key));
  if (keys.size !== entries.length) throw new Error('two fields share a key');
  // Copied for each message, so that the engine knows all of a kind by one shape.
  const absent = Object.fromEntries(entries.map(([name]) => [name, null]));
  if (Object.hasOwn(absent, '__proto__')) throw new Error('a field named __proto__ cannot be assigned');
  return {
    encode: (value, path) => {
      const map = new Map<number, Plain>();
      for (const [name, [key, codec]] of entries) {
        const plain = codec.encode(ownField(value, name, path), `${path}.${name}`);
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
      const value: Record<string, unknown> = { ...absent };
      for (const [name, [key, codec]] of entries)
        value[name] = codec.decode((plain as Map<number, unknown>).get(key) ?? null, `${path}.${name}`);
      return value as PackedOf<F>;
    },
  };
}

type Variants = Readonly<Record<string, readonly [tag: number, codec: Codec<object>]>>;
type VariantOf<V extends Variants> = {
  [K in keyof V & string]: { readonly kind: K } & Decoded<V[K][1]>;
}[keyof V & string];

/** A discriminated union on `kind`: `[tag, body]` on the wire. */
export function variants<V extends Variants>(cases: V): Codec<VariantOf<V>> {
  const byKind = new Map(Object.entries(cases));
  const byTag = new Map(Object.entries(cases).map(([kind, [tag, codec]]) => [tag, { kind, codec }]));
  if (byTag.size !== byKind.size) throw new Error('two kinds share a tag');
  return {
    encode: (value, path) => {
      const kind = ownField(value, 'kind', path) as string; // `get` below refuses everything else
      const known = byKind.get(kind);
      if (known === undefined)
        throw new CodecError(`${path}.kind`, `one of ${Object.keys(cases).join(', ')}`);
      const [tag, codec] = known;
      return [tag, codec.encode(value, `${path}.${kind}`)];
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
  return codec.encode(value, 'message') as Cbor;
}
