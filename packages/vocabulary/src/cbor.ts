/**
 * Deterministic CBOR (RFC 8949 §4.2.1): the one byte form of everything that crosses a process boundary or is hashed.
 *
 * The subset is small on purpose: integers, byte strings, text, arrays, maps with unsigned integer keys, booleans
 * and null. There is exactly one encoding of a value, and the decoder refuses every other one: a longer length than
 * needed, an unsorted or duplicate key, an indefinite length, a float, a tag, trailing bytes. So two parsers cannot
 * read one message in two ways, which is how a check and an action come to disagree.
 */

/** A value of the subset. Integers are `number` within ±(2^53 − 1) and `bigint` beyond, up to 64 bits. */
export type Cbor =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Cbor[]
  | ReadonlyMap<number, Cbor>;

export class CborError extends Error {
  override readonly name = 'CborError';
  readonly code = 'bad-cbor';
}

/** Deeper nesting than any message needs; a bound on recursion for hostile input. */
const DEPTH_MAX = 16;

/**
 * Values in one message, keys included. The largest of ours, a journal's receipt for 1,024 leaves with 63 hashes each,
 * has 65,614 of them. Without this bound a frame of 4 MiB could hold four million empty maps, which take 200 times
 * the memory of their bytes.
 */
const VALUES_MAX = 131_072;

const MAX_U64 = 0xffff_ffff_ffff_ffffn;
const utf8Encoder = new TextEncoder();
const utf8Decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Where messages are put together, because an array over 64 bytes lives outside the engine's heap and costs as much to
 * make as a small message to write. Wiped after each; a longer one gets its own.
 */
const scratch = new Uint8Array(1024);

class Writer {
  bytes = scratch;
  length = 0;
  values = 0;

  /** Counts a value in; what the reader would refuse as too large or too deep is not written. */
  enter(depth: number): void {
    checkSize(++this.values, depth);
  }

  reserve(extra: number): void {
    if (this.length + extra <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + extra));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  raw(value: Uint8Array): void {
    this.reserve(value.length);
    this.bytes.set(value, this.length);
    this.length += value.length;
  }

  /** Major type and argument in the shortest form. */
  head(major: number, argument: number | bigint): void {
    const type = major << 5;
    if (argument < 24) return this.byte(type | Number(argument));
    const width = argument < 0x100 ? 0 : argument < 0x1_0000 ? 1 : argument < 0x1_0000_0000 ? 2 : 3;
    this.byte(type | (24 + width));
    this.reserve(8);
    const bytes = 1 << width;
    if (width < 3) {
      const value = Number(argument);
      for (let i = 1; i <= bytes; i++) this.bytes[this.length++] = value >>> (8 * (bytes - i));
      return;
    }
    new DataView(this.bytes.buffer, this.length).setBigUint64(0, BigInt(argument));
    this.length += bytes;
  }

  /** Text whose UTF-8 is its characters; false where it is not, and then nothing was written. */
  ascii(value: string): boolean {
    for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0x7f) return false;
    this.head(3, value.length);
    this.reserve(value.length);
    for (let i = 0; i < value.length; i++) this.bytes[this.length++] = value.charCodeAt(i);
    return true;
  }
}

function checkSize(values: number, depth: number): void {
  if (depth > DEPTH_MAX) throw new CborError(`nested deeper than ${DEPTH_MAX}`);
  if (values > VALUES_MAX) throw new CborError(`more than ${VALUES_MAX} values`);
}

/** The one encoding of `value`. Throws `CborError` for a value outside the subset. */
export function encodeCbor(value: Cbor): Uint8Array {
  const writer = new Writer();
  try {
    write(writer, value, 0);
    return writer.bytes.slice(0, writer.length);
  } finally {
    scratch.fill(0);
  }
}

function write(writer: Writer, value: Cbor, depth: number): void {
  writer.enter(depth);
  if (value === null) return writer.byte(0xf6);
  if (typeof value === 'boolean') return writer.byte(value ? 0xf5 : 0xf4);
  if (typeof value === 'number' || typeof value === 'bigint') return writeInteger(writer, value);
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new CborError('text with a lone surrogate has no UTF-8 form');
    if (writer.ascii(value)) return;
    const bytes = utf8Encoder.encode(value);
    writer.head(3, bytes.length);
    return writer.raw(bytes);
  }
  if (value instanceof Uint8Array) {
    writer.head(2, value.length);
    return writer.raw(value);
  }
  if (value instanceof Map) return writeMap(writer, value, depth);
  if (!Array.isArray(value)) throw new CborError('a value outside the subset');
  writer.head(4, value.length);
  for (const item of value as readonly Cbor[]) write(writer, item, depth + 1);
}

function writeInteger(writer: Writer, value: number | bigint): void {
  if (typeof value === 'number' && (!Number.isSafeInteger(value) || Object.is(value, -0))) {
    throw new CborError(`${Object.is(value, -0) ? '-0' : value} is not a safe integer; use bigint`);
  }
  if (value >= 0) {
    if (value > MAX_U64) throw new CborError('integer over 64 bits');
    return writer.head(0, value);
  }
  const argument = -1n - BigInt(value);
  if (argument > MAX_U64) throw new CborError('integer under −2^64');
  writer.head(1, argument);
}

function writeMap(writer: Writer, map: ReadonlyMap<number, Cbor>, depth: number): void {
  writer.head(5, map.size);
  let previous = -1;
  let sorted = true;
  for (const key of map.keys()) {
    if (!Number.isSafeInteger(key) || key < 0)
      throw new CborError(`map key ${key} is not an unsigned integer`);
    sorted &&= key > previous;
    previous = key;
  }
  // Numeric order of unsigned keys is the bytewise order of their encodings.
  for (const [key, value] of sorted ? map : [...map].sort(([a], [b]) => a - b)) {
    writer.enter(depth + 1);
    writer.head(0, key);
    write(writer, value, depth + 1);
  }
}

/** Reads one value that fills `bytes` exactly. Throws `CborError` for anything but its one encoding. */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.offset !== bytes.length)
    throw new CborError(`${bytes.length - reader.offset} bytes after the value`);
  return value;
}

class Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  offset = 0;
  values = 0;

  constructor(bytes: Uint8Array) {
    // A plain view: `slice` of Node's Buffer shares memory, and byte strings would change with the socket's buffer.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(length: number): number {
    const start = this.offset;
    if (length > this.bytes.length - start) throw new CborError('ends inside a value');
    this.offset = start + length;
    return start;
  }

  value(depth: number): Cbor {
    checkSize(++this.values, depth);
    const initial = this.view.getUint8(this.take(1));
    const major = initial >> 5;
    if (major === 7) return simple(initial);
    const argument = this.argument(initial & 31);
    if (major === 0) return argument;
    if (major === 1) return negative(argument);
    if (major === 6) throw new CborError('tags are not in the subset');
    const length = Number(argument);
    if (major === 2) return this.bytes.slice(this.take(length), this.offset);
    if (major === 3) return this.text(length);
    if (major === 4) return this.array(length, depth);
    return this.map(length, depth);
  }

  argument(info: number): number | bigint {
    if (info < 24) return info;
    if (info > 27) throw new CborError('indefinite lengths are not in the subset');
    const width = info - 24;
    const at = this.take(1 << width);
    const view = this.view;
    if (width < 3) {
      const value = width === 0 ? view.getUint8(at) : width === 1 ? view.getUint16(at) : view.getUint32(at);
      if (value < (width === 0 ? 24 : width === 1 ? 0x100 : 0x1_0000))
        throw new CborError('longer form than needed');
      return value;
    }
    const value = view.getBigUint64(at);
    if (value < 0x1_0000_0000n) throw new CborError('longer form than needed');
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  text(length: number): string {
    try {
      return utf8Decoder.decode(this.bytes.subarray(this.take(length), this.offset));
    } catch (cause) {
      throw new CborError('text is not UTF-8', { cause });
    }
  }

  array(length: number, depth: number): Cbor[] {
    // Grown item by item: nested arrays that each claim the whole rest would reserve 8 bytes per byte, 16 times over.
    const items: Cbor[] = [];
    for (let i = 0; i < length; i++) items.push(this.value(depth + 1));
    return items;
  }

  map(size: number, depth: number): Map<number, Cbor> {
    const map = new Map<number, Cbor>();
    let previous = -1;
    for (let i = 0; i < size; i++) {
      const key = this.value(depth + 1);
      if (typeof key !== 'number' || key < 0) throw new CborError('map keys are unsigned integers');
      if (key <= previous)
        throw new CborError(key === previous ? `key ${key} twice` : `key ${key} out of order`);
      previous = key;
      map.set(key, this.value(depth + 1));
    }
    return map;
  }
}

function negative(argument: number | bigint): number | bigint {
  const value = -1n - BigInt(argument);
  return value >= BigInt(Number.MIN_SAFE_INTEGER) ? Number(value) : value;
}

function simple(initial: number): Cbor {
  if (initial === 0xf4) return false;
  if (initial === 0xf5) return true;
  if (initial === 0xf6) return null;
  throw new CborError('floats and other simple values are not in the subset');
}
