import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyCbor, encodeLoosely, type Width } from '../tests/_loose-cbor.ts';
import { broken, randomBytes, randomOf } from '../tests/_random.ts';
import { type Cbor, CborError, decodeCbor, encodeCbor } from './cbor.ts';

interface Vectors {
  readonly accepted: readonly { readonly hex: string; readonly value: string }[];
  readonly refused: readonly { readonly hex: string; readonly why: string }[];
}

const vectors = JSON.parse(
  readFileSync(new URL('../../../vectors/protocol/cbor.json', import.meta.url), 'utf8'),
) as Vectors; // a committed file of ours

const fromHex = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** RFC 8949 §8 diagnostic notation, as far as the subset needs it. */
function diagnostic(value: Cbor): string {
  if (value instanceof Uint8Array) return `h'${toHex(value)}'`;
  if (value instanceof Map)
    return `{${[...(value as ReadonlyMap<number, Cbor>)].map(([k, v]) => `${k}: ${diagnostic(v)}`).join(', ')}}`;
  if (Array.isArray(value)) return `[${(value as readonly Cbor[]).map(diagnostic).join(', ')}]`;
  return typeof value === 'bigint' ? value.toString() : JSON.stringify(value);
}

test('the examples of RFC 8949 that lie in the subset are read and written to the byte', () => {
  for (const { hex, value } of vectors.accepted) {
    const decoded = decodeCbor(fromHex(hex));
    assert.equal(diagnostic(decoded), value, hex);
    assert.equal(toHex(encodeCbor(decoded)), hex);
  }
});

test('the examples of RFC 8949 outside the subset, and every malformed one, are refused', () => {
  for (const { hex, why } of vectors.refused)
    assert.throws(() => decodeCbor(fromHex(hex)), CborError, `${hex}: ${why}`);
});

test('every value of the subset comes back as it went', () => {
  fc.assert(
    fc.property(anyCbor, (value) => {
      assert.deepEqual(decodeCbor(encodeCbor(value)), value);
    }),
    { numRuns: 3_000 },
  );
});

test('a second encoder, written apart, writes the same bytes', () => {
  fc.assert(
    fc.property(anyCbor, (value) => {
      assert.equal(toHex(encodeCbor(value)), toHex(encodeLoosely(value)));
    }),
    { numRuns: 3_000 },
  );
});

/** Holds for a decoder that takes no length or integer in a longer form than needed. */
function refusesLongerForms(decode: (bytes: Uint8Array) => Cbor) {
  return fc.property(anyCbor, fc.nat(), (value, pick) => {
    let heads = 0;
    encodeLoosely(value, (shortest) => (heads++, shortest));
    if (heads === 0) return;
    for (const wide of [1, 2, 4, 8] as const) {
      let widened = false;
      const choose = (shortest: Width, nth: number): Width => {
        if (nth !== pick % heads || wide <= shortest) return shortest;
        widened = true;
        return wide;
      };
      const bytes = encodeLoosely(value, choose);
      if (widened) assert.throws(() => decode(bytes), CborError);
    }
  });
}

test('every longer form of every length and integer is refused', () => {
  fc.assert(refusesLongerForms(decodeCbor), { numRuns: 3_000 });
});

test('the search for longer forms catches a decoder that takes a 2 in two bytes', () => {
  const lenient = (bytes: Uint8Array): Cbor => {
    const shortened = Buffer.from(bytes).toString('latin1').replaceAll('\x18\x02', '\x02');
    return decodeCbor(new Uint8Array(Buffer.from(shortened, 'latin1')));
  };
  assert.deepEqual(lenient(fromHex('1802')), 2);
  assert.ok(fc.check(refusesLongerForms(lenient), { numRuns: 20_000, endOnFailure: true }).failed);
});

test('map keys out of order, twice, negative or of another type are refused', () => {
  for (const hex of [
    'a202000100',
    'a201000100',
    'a12000',
    'a1616100',
    'a1f600',
    'a11bffffffffffffffff00',
    'a1a00000',
  ])
    assert.throws(() => decodeCbor(fromHex(hex)), CborError, hex);
  assert.throws(() => decodeCbor(fromHex('a12000')), /map keys are unsigned integers/);
});

test('a map is written in the order of its keys, whatever the order they were set in', () => {
  const keys = fc.uniqueArray(fc.nat({ max: 70_000 }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(keys, (shuffled) => {
      const map = (order: readonly number[]) => new Map(order.map((key) => [key, key]));
      const sorted = shuffled.toSorted((a, b) => a - b);
      assert.equal(toHex(encodeCbor(map(shuffled))), toHex(encodeLoosely(map(sorted))));
    }),
  );
});

test('every cut of every message and any byte after it are refused', () => {
  fc.assert(
    fc.property(anyCbor, fc.nat(), fc.nat({ max: 255 }), (value, at, extra) => {
      const bytes = encodeCbor(value);
      assert.throws(() => decodeCbor(bytes.subarray(0, at % bytes.length)), CborError);
      assert.throws(() => decodeCbor(Uint8Array.from([...bytes, extra])), /1 bytes after the value/);
    }),
  );
});

test('a quarter of a million broken messages throw CborError or are the one encoding of what they say', () => {
  const random = randomOf(20_260_101);
  const whole = fc.sample(anyCbor, { numRuns: 500, seed: 7 }).map(encodeCbor);
  let read = 0;
  for (let round = 0; round < 250_000; round++) {
    const bytes = round % 3 === 0 ? randomBytes(random, random(24)) : broken(random, whole);
    let value: Cbor;
    try {
      value = decodeCbor(bytes);
    } catch (error) {
      if (error instanceof CborError) continue;
      throw new Error(`round ${round}: ${toHex(bytes)}`, { cause: error });
    }
    read++;
    assert.equal(toHex(encodeCbor(value)), toHex(bytes), `round ${round}`);
  }
  assert.ok(read > 10_000, `only ${read} were readable: the fuzzing does not reach the inside`);
});

test('values outside the subset are refused by the writer', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const bad: readonly unknown[] = [
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    2 ** 53,
    2n ** 64n,
    -(2n ** 64n) - 1n,
    '\ud800',
    'a\udc00',
    undefined,
    Symbol('s'),
    () => 1,
    {},
    new Date(0),
    [undefined],
    Array(3),
    cyclic,
    new Map([[-1, 0]]),
    new Map([[0.5, 0]]),
    new Map([['a', 0]]),
    new Map([
      [1n, 0],
      [2n, 0],
    ]),
    new Map([
      ['a', 0],
      ['b', 0],
    ]),
    new Map([[2 ** 53, 0]]),
    new Set(),
    new Float64Array(2),
    new DataView(new ArrayBuffer(2)),
  ];
  // The cast is the test: callers without types, and values from JSON, come in like this.
  for (const value of bad) assert.throws(() => encodeCbor(value as Cbor), CborError);
});

test('nesting ends at the same depth for the writer and the reader', () => {
  const nested = (depth: number): Cbor => (depth === 0 ? 0 : [nested(depth - 1)]);
  const bytesOf = (depth: number) => Uint8Array.from([...Array<number>(depth).fill(0x81), 0]);
  assert.deepEqual(decodeCbor(encodeCbor(nested(16))), nested(16));
  assert.throws(() => encodeCbor(nested(17)), CborError);
  assert.throws(() => decodeCbor(bytesOf(17)), CborError);
  assert.throws(() => decodeCbor(bytesOf(4_000_000)), CborError);
  assert.throws(() => encodeCbor(new Map([[1, nested(16)]])), CborError);
});

test('the number of values ends at the same count for the writer and the reader', () => {
  const zeros = (count: number) => Array<number>(count).fill(0);
  const most = encodeCbor(zeros(131_071));
  assert.equal((decodeCbor(most) as readonly Cbor[]).length, 131_071);
  assert.throws(() => encodeCbor(zeros(131_072)), /more than 131072 values/);
  assert.throws(() => decodeCbor(encodeLoosely(zeros(131_072))), /more than 131072 values/);
  const map = new Map(zeros(65_536).map((_, key) => [key, 0]));
  assert.throws(() => encodeCbor(map), /more than 131072 values/);
});

test('four megabytes of lists that each claim the rest are refused before memory is taken for them', () => {
  const bytes = new Uint8Array(4 * 1024 * 1024);
  const view = new DataView(bytes.buffer);
  for (let depth = 0; depth < 16; depth++) {
    view.setUint8(depth * 5, 0x9a);
    view.setUint32(depth * 5 + 1, bytes.length - 5 * (depth + 1));
  }
  const before = process.memoryUsage().rss;
  assert.throws(() => decodeCbor(bytes), /more than 131072 values/);
  // Reserving what the lists claim takes 554 MB; the bound leaves room for a garbage collector's mood.
  assert.ok(process.memoryUsage().rss - before < 200e6);
});

test('byte strings are copies, even of a Buffer whose slice shares memory', () => {
  const socket = Buffer.from('43010203', 'hex');
  const bytes = decodeCbor(socket) as Uint8Array;
  socket.fill(0xff);
  assert.deepEqual(bytes, Uint8Array.of(1, 2, 3));
});

test('a message is read at its place inside a larger buffer', () => {
  assert.deepEqual(decodeCbor(Uint8Array.of(0xff, 0x19, 1, 0, 0xff).subarray(1, 4)), 256);
});
