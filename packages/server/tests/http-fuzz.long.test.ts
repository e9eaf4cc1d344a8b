import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embeddedServer } from './_database.ts';
import { startHttp } from './_http.ts';
import { fuzz } from './_http-fuzz.ts';

test('100,000 requests of every kind meet no defect', async (t) => {
  const { kysely } = await embeddedServer.database(t);
  const { url, logged } = await startHttp(t, kysely);
  await fuzz(url, {}, 100_000, 7);
  assert.deepEqual(logged, []);
});
