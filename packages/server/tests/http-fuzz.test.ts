import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embeddedServer } from './_database.ts';
import { startHttp } from './_http.ts';
import { fuzz } from './_http-fuzz.ts';

test('whatever is sent, the answer is of the contract and nothing fails', async (t) => {
  const { kysely } = await embeddedServer.database(t);
  const { url, logged } = await startHttp(t, kysely);
  const statuses = await fuzz(url, {}, 2_000, 20_261_121);
  assert.ok((statuses.get(400) ?? 0) > 500, 'most of it is not understood');
  assert.ok((statuses.get(200) ?? 0) > 20, 'some of it is');
  assert.deepEqual(logged, [], 'no defect was met');
});
