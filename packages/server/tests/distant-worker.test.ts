/** Workers whose line to the vault never stands, on a real database: who may hold bots then. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { type TestContext, test } from 'node:test';
import { PublicRest } from '@counterfoil/venues';
import { WireError, newIdentity } from '@counterfoil/wire';
import { Runner } from '../src/runner/runner.ts';
import { atEnd } from './_at-end.ts';
import { type TestDatabase, embeddedServer } from './_database.ts';

/** Several rounds of leases. */
const ROUNDS_MS = 1_500;

function startWorker(t: TestContext, { pool }: TestDatabase, worker: string, isDistant: boolean): void {
  const rest = new PublicRest({ venue: 'paper', url: 'https://localhost:1', ca: undefined });
  const runner = new Runner({
    pool,
    worker,
    reach: () => Promise.reject(new WireError('closed', 'there is no vault')),
    isDistant,
    identity: newIdentity(),
    gatePin: '',
    rest,
    streamUrl: 'wss://localhost:1',
    ca: undefined,
    log: () => {},
  });
  atEnd(t, async () => {
    await runner.close();
    rest.close();
  });
}

async function holders({ pool }: TestDatabase): Promise<readonly string[]> {
  const { rows } = await pool.query<{ readonly worker: string }>(
    'select distinct worker from shard where until > now()',
  );
  return rows.map(({ worker }) => worker);
}

test('a worker that crosses a network and has no line takes no bots, and others have all of them', async (t) => {
  const database = await embeddedServer.database(t);
  startWorker(t, database, 'distant', true);
  await pause(ROUNDS_MS);
  assert.deepEqual(await holders(database), []);
  // Planted: without the guard, which workers beside the vault do not need, bots hang on who cannot send.
  startWorker(t, database, 'near', false);
  await pause(ROUNDS_MS);
  assert.deepEqual(await holders(database), ['near']);
});
