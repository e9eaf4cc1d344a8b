import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWithSimpleBook, openState, runEverything } from './_conservation.ts';
import type { Running } from './_client.ts';
import { tradeUnderFaults } from './_faults.ts';
import { checkInvariants } from './_invariants.ts';

test('fills, trailing stops, lists, balances and open orders equal those of an independent simple book', () => {
  const compared = [1, 2, 3].map((seed) => compareWithSimpleBook(seed, 4_000));
  for (const { trailsFired, listsWon } of compared)
    assert(trailsFired > 10 && listsWon > 50, JSON.stringify(compared));
});

test('with every kind of order, partial fills, rule changes, halts and restarts no unit is lost and no book is crossed', () => {
  for (const seed of [1, 2, 3]) runEverything(seed, 10_000);
});

test('under every fault acknowledged orders exist once, refused ones never, and balances are what the trades say', async () => {
  const counts = await tradeUnderFaults(1, 600);
  assert.deepEqual([...counts.keys()].toSorted(), ['refused', 'taken', 'unknown']);
});

test('the checks under faults catch an acknowledged order that is gone, and a balance that no trade explains', async () => {
  const forget = ({ exchange }: Running, id: number): void => {
    const { orders } = exchange.venue.state.account(id);
    for (const order of orders.values()) orders.forget(order);
  };
  await assert.rejects(tradeUnderFaults(1, 80, forget), /was acknowledged and exists once/);
  const pay = ({ exchange }: Running, id: number): void => {
    exchange.venue.run('deposit', { account: id, asset: 'BTC', units: 1n });
  };
  await assert.rejects(tradeUnderFaults(1, 80, pay), /BTC is what the trades say/);
});

test('the checks catch a unit that appeared, a lock that was forgotten and an order that jumped the queue', () => {
  const { state, accounts } = openState('synthetic');
  checkInvariants(state);
  const [first = 0] = accounts;
  const balance = state.account(first).balance('USDT');
  balance.free += 1n;
  assert.throws(() => checkInvariants(state), /no USDT appears or vanishes/);
  balance.free -= 2n;
  balance.locked += 1n;
  assert.throws(() => checkInvariants(state), /locked what its open orders need/);
  balance.free += 1n;
  balance.locked -= 1n;
  assert.throws(() => compareWithSimpleBook(1, 3_000, 'newest first'), /seed 1, step/);
});
