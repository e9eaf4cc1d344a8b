import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { wholeNumbers } from './whole-numbers.ts';

const int8 = 20;
const int8Array = 1016;
const numeric = 1700;

function read(oid: number, text: string): unknown {
  const parser: unknown = wholeNumbers.getTypeParser(oid, 'text');
  assert.ok(typeof parser === 'function');
  const value: unknown = Reflect.apply(parser, undefined, [text]);
  return value;
}

test('every whole number of PostgreSQL is read exactly', () => {
  fc.assert(fc.property(fc.bigInt(), (value) => read(numeric, String(value)) === value));
});

test('every array of whole numbers and nulls is read exactly', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.bigInt())), (values) => {
      const text = `{${values.map((value) => (value === null ? 'NULL' : String(value))).join(',')}}`;
      assert.deepEqual(read(int8Array, text), values);
    }),
  );
});

test('whatever is not a whole number throws a RangeError and nothing else', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.float().map(String)),
      fc.constantFrom(int8, numeric, int8Array),
      (text, oid) => {
        try {
          const value = read(oid, text);
          assert.ok(typeof value === 'bigint' || Array.isArray(value));
        } catch (error) {
          assert.ok(error instanceof RangeError);
        }
      },
    ),
  );
  for (const text of ['', 'NaN', 'Infinity', '1.0', '1e3', ' 1', '0x1'])
    assert.throws(() => read(numeric, text), RangeError);
});
