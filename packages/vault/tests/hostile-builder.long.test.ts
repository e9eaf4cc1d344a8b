import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tryMutations } from './_hostile-builder.ts';

test('of 120,000 changed requests none is sent that says something else than was asked', async (t) => {
  const { tried, refused, unexplained } = await tryMutations(t, 120_000, 17);
  assert.deepEqual(unexplained, []);
  assert.ok(refused > tried * 0.95, `${refused} of ${tried} were refused`);
});
