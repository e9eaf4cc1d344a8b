/** Kills everything that a start has started, in the middle of orders, and starts again by the same command. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@counterfoil/server';
import { contradictions } from './_crash-verdict.ts';
import { Installation, type Placed, type VenueOrder, freePort } from './_installation.ts';
import { descendants, ready, start } from './_start.ts';

/** Orders under way at once, so that the kill meets every stage of some. */
const CALLERS = 4;

/** The first order of a start waits for the gate's own price; a loaded machine takes seconds for all of it. */
const FIRST_MS_MAX = 20_000;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

interface Address {
  readonly url: string;
  readonly token: string;
}

async function placeUntilKilled({ url, token }: Address, acknowledged: Placed[]): Promise<void> {
  const body = {
    symbol: 'BTCUSDT',
    side: 'buy',
    type: 'market',
    amount: '0.001',
    sizedBy: 'base',
    price: null,
    timeInForce: null,
  };
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  for (;;) {
    try {
      const answer = await fetch(`${url}/v1/paper/orders`, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
      });
      if (answer.status === 201) acknowledged.push((await answer.json()) as Placed);
    } catch {
      return;
    }
  }
}

/** The venue's orders, once the ledger knows every one that no person placed; else as far as it came in time. */
async function settledBots(
  installation: Installation,
): Promise<{ readonly venueOrders: readonly VenueOrder[]; readonly ofBots: ReadonlySet<string> }> {
  const database = await openDatabase({ url: installation.desk.database?.url ?? '' });
  try {
    const patience = Date.now() + FIRST_MS_MAX;
    for (;;) {
      const venueOrders = await installation.venueOrders();
      const { rows } = await database.pool.query<{ id: string; by_hand: boolean }>(
        `select client_order_id as id, bot = 'manual' as by_hand from intent where client_order_id is not null`,
      );
      const ids = new Set(rows.map(({ id }) => id));
      const ofBots = new Set(rows.filter((row) => !row.by_hand).map(({ id }) => id));
      const isKnown = venueOrders.every(({ clientOrderId }) => ids.has(clientOrderId));
      if (isKnown || Date.now() > patience) return { venueOrders, ofBots };
      await wait(200);
    }
  } finally {
    await database.close();
  }
}

export interface TreeKillReport {
  readonly rounds: number;
  readonly acknowledged: number;
}

/** Throws where an acknowledged order is gone or another, or where the records contradict each other. */
export async function treeKills(rounds: number, progress: (line: string) => void): Promise<TreeKillReport> {
  const root = mkdtempSync(join(tmpdir(), 'counterfoil-'));
  const port = await freePort();
  const all: Placed[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = start(['--port', String(port), '--home', root]);
    await ready(started);
    const token = readFileSync(join(root, 'run', 'token'), 'utf8');
    const address = { url: `http://127.0.0.1:${port}`, token };
    for (const { seq, state, clientOrderId } of all) {
      const found = await fetch(`${address.url}/v1/paper/orders/${seq}`, {
        headers: { authorization: `Bearer ${token}` },
      });
      const now = (await found.json()) as Placed;
      assert.equal(found.status, 200, `order ${seq} was acknowledged and is gone`);
      if (state === 'accepted') assert.deepEqual([now.state, now.clientOrderId], [state, clientOrderId]);
    }
    const acknowledged: Placed[] = [];
    const callers = Array.from({ length: CALLERS }, () => placeUntilKilled(address, acknowledged));
    // Orders flow once the first is answered; different lengths after it put the kill on other moments of the writes.
    const patience = Date.now() + FIRST_MS_MAX;
    while (acknowledged.length === 0 && Date.now() < patience) await wait(5);
    await wait(100 + 37 * round);
    for (const pid of descendants(started.child.pid ?? 0)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself when its parent did.
      }
    }
    await Promise.all([...callers, started.ended]);
    all.push(...acknowledged);
    progress(`round ${round + 1}: ${acknowledged.length} orders acknowledged before the kill`);
  }
  const installation = await Installation.start('product', root);
  try {
    const last = await installation.lastSeq();
    const ledger = await installation.settled(last);
    const { venueOrders, ofBots } = await settledBots(installation);
    await installation.stop();
    assert.deepEqual(contradictions(ledger, venueOrders, await installation.leaves(), ofBots), []);
    return { rounds, acknowledged: all.length };
  } finally {
    await installation.stop();
    installation.remove();
  }
}
