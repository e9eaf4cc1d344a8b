import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryMutants } from './_protocol-mutants.ts';

test('a key, name, word or bound of a protocol changed on one side fails vectors by name', async () => {
  const { tried, unnoticed } = await tryMutants(7);
  assert.deepEqual(unnoticed, []);
  assert.ok(tried > 80, `only ${tried} changes were tried`);
});
