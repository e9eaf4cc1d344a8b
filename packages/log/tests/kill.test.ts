import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killWriters } from './_kills.ts';

test('writers that are killed by SIGKILL lose nothing they acknowledged', async () => {
  assert.ok((await killWriters(6)) > 100);
});
