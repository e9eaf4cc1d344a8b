/** Kills everything that a start has started, in the middle of orders, and starts again by the same command. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contradictions } from './_crash-verdict.ts';
import { Installation, type Placed, freePort } from './_installation.ts';
import { descendants, ready, start } from './_start.ts';

/** Orders under way at once, so that the kill meets every stage of some. */
const CALLERS = 4;

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
    // Different lengths, so that the kill falls on other moments of the writes.
    await new Promise((resolve) => setTimeout(resolve, 300 + 37 * round));
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
    const venueOrders = await installation.venueOrders();
    await installation.stop();
    assert.deepEqual(contradictions(ledger, venueOrders, await installation.leaves()), []);
    return { rounds, acknowledged: all.length };
  } finally {
    await installation.stop();
    installation.remove();
  }
}
