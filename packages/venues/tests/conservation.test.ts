import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareWithSimpleBook, openState, runEverything } from './_conservation.ts';
import { checkInvariants } from './_invariants.ts';

test('fills, trailing stops, lists, balances and open orders equal those of an independent simple book', () => {
  const compared = [1, 2, 3].map((seed) => compareWithSimpleBook(seed, 4_000));
  for (const { trailsFired, listsWon } of compared)
    assert(trailsFired > 10 && listsWon > 50, JSON.stringify(compared));
});

test('with every kind of order, partial fills, rule changes, halts and restarts no unit is lost and no book is crossed', () => {
  for (const seed of [1, 2, 3]) runEverything(seed, 10_000);
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
