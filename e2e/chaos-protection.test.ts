import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientOrderId } from '@counterfoil/vocabulary';
import type { LoadedBot } from '../packages/server/src/runner/load.ts';
import { machineOf } from '../packages/server/src/runner/machines.ts';
import { UNPROTECTED_MS_MAX } from '../packages/server/src/runner/protection.ts';
import { filled, market, plan, started } from '../packages/server/tests/_runner.ts';
import { parsePrice } from '@counterfoil/vocabulary';
import { ProtectionWatch, type Sight } from './_chaos-protection.ts';

const SHARD = 3;
const EXIT = 's-tp1-2';
const LATE_MS = UNPROTECTED_MS_MAX + 1;

/** A bot that has bought, with its exit as the ledger has it. */
function holding(): LoadedBot {
  const machine = machineOf(plan.kind);
  const begun = machine.step(plan.options, machine.begin(plan.options), started());
  const { state } = machine.step(plan.options, begun.state, filled('s-entry-1', 'buy', '62000.00', '1'));
  const exit: LoadedBot['orders'][number] = {
    name: EXIT,
    seq: 2,
    market: 0,
    symbol: market.symbol,
    side: 'sell',
    price: parsePrice(market, '62620'),
    body: {
      symbol: market.symbol,
      side: 'sell',
      type: 'limit',
      amount: { units: 1n, scale: 2 },
      sizedBy: 'base',
      price: { units: 62_620n, scale: 0 },
      timeInForce: 'gtc',
    },
    journalledAtMs: 0,
    state: 'accepted',
    clientOrderId: clientOrderId.parse('x-2'),
    venueOrderId: '2',
    cancelSeq: null,
    isAsked: false,
  };
  const record: LoadedBot['record'] = {
    owner: 'ada',
    id: 'b1',
    connection: 'c1',
    shard: SHARD,
    plan,
    status: 'running',
    state,
    parked: [],
    seq: 2,
    intentSeq: 2,
  };
  return { record, orders: [exit], open: [], untold: [] };
}

const sight = (change: Partial<Sight> = {}): Sight => ({
  bots: [holding()],
  held: new Set([SHARD]),
  resting: new Set(['x-2']),
  priceOf: () => parsePrice(market, '62000'),
  rulesOf: (one) => one,
  ...change,
});

/** The same picture until after the deadline. */
function watched(...sights: readonly Sight[]): ProtectionWatch {
  const watch = new ProtectionWatch();
  sights.forEach((one, n) => watch.look(one, n * LATE_MS));
  return watch;
}

test('a position whose exit rests at the venue is protected', () => {
  assert.deepEqual(watched(sight(), sight()).contradictions, []);
});

test('an exit that rests by the ledger alone protects nothing', () => {
  const gone = sight({ resting: new Set() });
  assert.equal(watched(gone, gone).contradictions.length, 1);
  assert.equal(watched(gone, gone).longestMs, LATE_MS);
  assert.deepEqual(watched(gone, sight(), gone).contradictions, [], 'it was there meanwhile');
});

test('an armed stop protects while a worker holds the bot, and not after', () => {
  const { record, orders } = holding();
  const condition = { kind: 'at-or-below', level: 6_000_000 } as const;
  const stop = {
    name: 'stop',
    on: { kind: 'price', market: 0, condition },
    extreme: null,
  } as const;
  const armed = {
    bots: [{ record: { ...record, parked: [stop] }, orders, open: [], untold: [] }],
    resting: new Set<string>(),
  };
  assert.deepEqual(watched(sight(armed), sight(armed)).contradictions, []);
  const orphaned = sight({ ...armed, held: new Set() });
  assert.equal(watched(orphaned, orphaned).contradictions.length, 1);
});
