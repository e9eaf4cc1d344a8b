import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killWriters } from './_kills.ts';

test('a hundred writers that are killed by SIGKILL lose nothing they acknowledged', async () => {
  assert.ok((await killWriters(100)) > 2_000);
});
