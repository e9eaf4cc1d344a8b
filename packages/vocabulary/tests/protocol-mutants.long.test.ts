import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryMutants } from './_protocol-mutants.ts';

test('every key, name, word and bound of every protocol changed on one side fails vectors by name', async () => {
  const { tried, unnoticed } = await tryMutants(1);
  assert.deepEqual(unnoticed, []);
  assert.ok(tried > 600, `only ${tried} changes were tried`);
});
