import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { decodeCbor, encodeCbor } from './cbor.ts';
import {
  boolean,
  bytes,
  type Codec,
  CodecError,
  integer,
  list,
  mapped,
  nullable,
  numbered,
  oneOf,
  packed,
  record,
  text,
  toCbor,
  variants,
} from './codec.ts';

/** Values that a codec takes in both directions, and what it refuses in both. */
function holds<T>(codec: Codec<T>, good: readonly T[], bad: readonly unknown[]): void {
  for (const value of good) {
    const plain = codec.encode(value, 'x');
    assert.deepEqual(codec.decode(plain, 'x'), value);
  }
  for (const value of bad) {
    // The cast is the test: what comes from outside has no type yet.
    assert.throws(() => codec.encode(value as T, 'x'), CodecError, `encode ${inspect(value)}`);
    assert.throws(() => codec.decode(value, 'x'), CodecError, `decode ${inspect(value)}`);
  }
}

const word = oneOf('buy', 'sell');
const side = numbered({ buy: 1, sell: 2 });
const point = record({ x: integer(0, 9), note: nullable(text(3)) });
const packedPoint = packed({ x: [0, integer(0, 9)], note: [1, nullable(text(3))] });
const shape = variants({
  point: [1, packedPoint],
  cloud: [2, packed({ points: [0, list(packedPoint, 2)] })],
});

test('text is bounded, well formed and like its pattern', () => {
  holds(
    text(3),
    ['', 'abc', 'é€𐅑'.slice(0, 2)],
    ['abcd', 1, null, undefined, ['a'], '\ud800', new String('a')],
  );
  holds(text(3, /^[a-z]+$/, 1), ['a', 'abc'], ['', 'A', 'a\n', 'abcd']);
});

test('integers are bounded and have one form', () => {
  const bad = [-6, 10, 1.5, '1', 1n, -0, Number.NaN, Number.POSITIVE_INFINITY, null, true];
  holds(integer(-5, 9), [-5, 0, 9], bad);
  holds(integer(0, Number.MAX_SAFE_INTEGER), [Number.MAX_SAFE_INTEGER], [2 ** 53, -1, JSON.parse('-0')]);
});

test('booleans, bytes and words take nothing that is merely like them', () => {
  holds(boolean, [true, false], [0, 1, 'true', null, undefined]);
  holds(bytes(2), [Uint8Array.of(1, 2)], [Uint8Array.of(1), Uint8Array.of(1, 2, 3), [1, 2], 'ab', null]);
  holds(bytes(0, 1), [new Uint8Array(0)], [new Uint8Array(2), new Uint16Array(1), new ArrayBuffer(1)]);
  holds(word, ['buy', 'sell'], ['Buy', '', 'constructor', 0, null, ['buy']]);
});

test('numbered words are their numbers on the wire and know no other', () => {
  assert.equal(side.encode('sell', 'x'), 2);
  assert.equal(side.decode(1, 'x'), 'buy');
  for (const plain of [0, 3, '1', 1n, null, 'buy']) assert.throws(() => side.decode(plain, 'x'), CodecError);
  for (const value of ['constructor', '__proto__', 'toString', 'hold', 1])
    assert.throws(() => side.encode(value as 'buy', 'x'), CodecError);
});

test('a number given to two words, a key to two fields, a tag to two kinds is refused when it is written down', () => {
  assert.throws(() => numbered({ buy: 1, sell: 1 }), /two words share a number/);
  assert.throws(() => packed({ a: [0, boolean], b: [0, boolean] }), /two fields share a key/);
  assert.throws(() => variants({ a: [0, packed({})], b: [0, packed({})] }), /two kinds share a tag/);
});

test('lists are bounded in both directions and name the item that is wrong', () => {
  holds(
    list(integer(0, 9), 2),
    [[], [1], [1, 2]],
    [[1, 2, 3], [10], 'ab', { length: 1, 0: 1 }, null, Array(1)],
  );
  assert.throws(() => list(word, 2).decode(['buy', 'hold'], 'sides'), { path: 'sides[1]' });
});

test('a record takes exactly its fields', () => {
  holds(
    point,
    [
      { x: 1, note: 'a' },
      { x: 0, note: null },
    ],
    [
      {},
      { x: 1 },
      { x: 10, note: null },
      { x: 1, note: 'abcd' },
      { x: 1, note: undefined },
      [],
      null,
      'x',
      1,
      new Uint8Array(2),
      new Map([['x', 1]]),
    ],
  );
  class Point {
    x = 1;
    note = null;
  }
  for (const like of [[], new Map(), new Date(0), new Uint8Array(0)])
    assert.throws(() => record({}).decode(like, 'p'), { message: 'p: expected an object' });
  assert.throws(() => point.decode(new Point(), 'p'), { message: 'p: expected an object' });
  assert.throws(() => point.decode({ x: 1, note: null, y: 2 }, 'p'), {
    path: 'p.y',
    message: /no such field/,
  });
});

test('fields that every object inherits are neither taken nor missing', () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    const hostile: unknown = JSON.parse(`{"x":1,"note":null,"${name}":{"polluted":1}}`);
    assert.throws(() => point.decode(hostile, 'p'), { path: `p.${name}` });
    const needed = record({ [name]: integer(0, 9) });
    assert.throws(() => needed.decode({}, 'p'), { path: `p.${name}` });
    assert.throws(() => needed.encode({}, 'p'), { path: `p.${name}` });
  }
  class Inherits {
    readonly note = null;
    get x(): number {
      return 1;
    }
  }
  assert.throws(() => point.decode(new Inherits(), 'p'), CodecError);
  assert.throws(() => point.encode(new Inherits(), 'p'), { path: 'p.x' });
});

test('a field named __proto__ stays a field, where assigning it would change the prototype', () => {
  const codec = record({ ['__proto__']: point });
  const decoded: object = codec.decode(JSON.parse('{"__proto__":{"x":1,"note":null}}'), 'p');
  assert.equal(Object.getPrototypeOf(decoded), Object.prototype);
  assert.deepEqual(Object.keys(decoded), ['__proto__']);

  const assigned: Record<string, unknown> = {};
  assigned['__proto__'] = { x: 1 };
  assert.notEqual(Object.getPrototypeOf(assigned), Object.prototype);
});

test('a packed record leaves absent fields out, so that absent has one form', () => {
  assert.deepEqual(packedPoint.encode({ x: 1, note: null }, 'p'), new Map([[0, 1]]));
  assert.deepEqual(packedPoint.decode(new Map([[0, 1]]), 'p'), { x: 1, note: null });
  assert.throws(
    () =>
      packedPoint.decode(
        new Map<number, unknown>([
          [0, 1],
          [1, null],
        ]),
        'p',
      ),
    /no null/,
  );
});

test('a packed record refuses unknown, missing and misnamed keys', () => {
  assert.throws(
    () =>
      packedPoint.decode(
        new Map([
          [0, 1],
          [2, 1],
        ]),
        'p',
      ),
    { path: 'p.2' },
  );
  assert.throws(() => packedPoint.decode(new Map(), 'p'), { path: 'p.x' });
  assert.throws(() => packedPoint.decode(new Map([['x', 1]]), 'p'), { path: 'p.x' });
  assert.throws(() => packedPoint.decode({ 0: 1 }, 'p'), { message: /a map/ });
  assert.throws(() => packedPoint.encode({ x: 10, note: null }, 'p'), { path: 'p.x' });
});

test('a variant is its tag and its body, and nothing else', () => {
  const cloud = { kind: 'cloud' as const, points: [{ x: 1, note: 'a' }] };
  assert.deepEqual(shape.decode(shape.encode(cloud, 's'), 's'), cloud);
  for (const plain of [
    [3, new Map()],
    [1],
    [1, new Map([[0, 1]]), 0],
    ['1', new Map()],
    new Map(),
    null,
    'point',
  ])
    assert.throws(() => shape.decode(plain, 's'), CodecError);
  for (const none of [null, undefined, 'cloud'])
    assert.throws(() => shape.encode(none as never, 's'), CodecError);
  for (const kind of ['constructor', '__proto__', 'toString', 'line'])
    assert.throws(() => shape.encode({ ...cloud, kind: kind as 'cloud' }, 's'), { path: 's.kind' });
});

test('an error names the place in the words of the schema, on the way in and on the way out', () => {
  const bad = {
    kind: 'cloud' as const,
    points: [
      { x: 1, note: null },
      { x: 11, note: null },
    ],
  };
  const path = 'message.cloud.points[1].x';
  assert.throws(() => toCbor(shape, bad), { path, code: 'bad-form', message: /an integer from 0 to 9/ });
  const plain = [2, new Map([[0, [new Map([[0, 1]]), new Map([[0, 11]])]]])];
  assert.throws(() => shape.decode(plain, 'message'), { path });
});

test('a mapped value is refused by the writer where the reader could not parse it, with the cause', () => {
  const even = mapped(
    integer(0, 9),
    (value) => {
      if (value % 2 === 1) throw new RangeError('odd');
      return value;
    },
    (value) => value,
    'an even number',
  );
  holds(even, [0, 8], [1, 9, 10, '2']);
  const refusal = { path: 'n', message: 'n: expected an even number (odd)', cause: new RangeError('odd') };
  assert.throws(() => even.decode(3, 'n'), refusal);
  assert.throws(() => even.encode(3, 'n'), refusal);
});

test('what a codec emits travels as CBOR and comes back the same', () => {
  const anyPoint = fc.record(
    {
      x: fc.integer({ min: 0, max: 9 }),
      note: fc.option(fc.string({ maxLength: 3 })),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(anyPoint, { maxLength: 2 }), (points) => {
      const value = { kind: 'cloud' as const, points };
      assert.deepEqual(shape.decode(decodeCbor(encodeCbor(toCbor(shape, value))), 's'), value);
    }),
  );
});

test('decoding anything at all throws CodecError or gives a value that encodes to the same', () => {
  const codecs: readonly Codec<unknown>[] = [point, packedPoint, shape, side, word, list(point, 3)] as never;
  const anyMap = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.anything())).map((entries) => new Map(entries));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), anyMap, fc.tuple(fc.nat({ max: 3 }), anyMap)), (plain) => {
      for (const codec of codecs) {
        let value: unknown;
        try {
          value = codec.decode(plain, 'x');
        } catch (error) {
          assert.ok(error instanceof CodecError, String(error));
          continue;
        }
        assert.deepEqual(codec.decode(codec.encode(value, 'x'), 'x'), value);
      }
    }),
    { numRuns: 3_000 },
  );
});
