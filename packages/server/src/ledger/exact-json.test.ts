import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromExactJson, toExactJson } from './exact-json.ts';

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.bigInt(),
    fc.string(),
    fc.string().map((text) => `#${text}`),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((name) => name !== '__proto__'),
      tie('any'),
      { maxKeys: 4, noNullPrototype: true },
    ),
  ),
})).any;

test('whatever a machine may hold comes back as it was', () => {
  fc.assert(
    fc.property(value, (one) => {
      assert.deepEqual(fromExactJson(toExactJson(one)), one);
    }),
    { numRuns: 2_000 },
  );
});

test('a text that looks like a number stays a text', () => {
  assert.deepEqual(fromExactJson(toExactJson(['#5', '##5', 5n])), ['#5', '##5', 5n]);
});
