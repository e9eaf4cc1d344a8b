import assert from 'node:assert/strict';
import { spentAsset } from '../src/paper/core/close.ts';
import { isOpen, type Order } from '../src/paper/core/order.ts';
import type { ExchangeState } from '../src/paper/core/state.ts';

/** What must hold after every command; throws with the sentence that does not. */
export function checkInvariants(state: ExchangeState): void {
  checkSums(state);
  const queued = checkQueues(state);
  for (const account of state.accounts.values()) {
    const locks = new Map<string, bigint>();
    for (const order of account.open.values()) {
      assert(isOpen(order), `order ${order.id} is among the open ones and open`);
      assert(queued.has(order), `open order ${order.id} waits somewhere`);
      const asset = spentAsset(state.market(order.symbol), order.side);
      locks.set(asset, (locks.get(asset) ?? 0n) + order.lockedUnits);
    }
    for (const [asset, { free, locked }] of account.balances) {
      assert(account.kind === 'outside' || free >= 0n, `${account.name} never owes ${asset}`);
      assert.equal(locked, locks.get(asset) ?? 0n, `${account.name} has locked what its open orders need`);
    }
  }
}

function checkSums(state: ExchangeState): void {
  const sums = new Map<string, bigint>();
  for (const account of state.accounts.values()) {
    for (const [asset, { free, locked }] of account.balances)
      sums.set(asset, (sums.get(asset) ?? 0n) + free + locked);
  }
  for (const [asset, sum] of sums) assert.equal(sum, 0n, `no ${asset} appears or vanishes`);
}

function checkQueues(state: ExchangeState): Set<Order> {
  const queued = new Set<Order>();
  for (const market of state.markets.values()) {
    const bid = market.bids.best();
    const ask = market.asks.best();
    assert(bid === undefined || ask === undefined || bid.ticks < ask.ticks, 'the book is not crossed');
    for (const side of [market.bids, market.asks, market.armedAbove, market.armedBelow]) {
      let previous: number | null = null;
      for (const level of side.fromBest()) {
        assert(previous === null || !side.reaches(level.ticks, previous), 'levels are in order');
        previous = level.ticks;
        let lots = 0;
        for (let order = level.first; order !== null; order = order.next) {
          lots += order.openLots;
          queued.add(order);
          assert(state.account(order.account).open.has(order), `queued order ${order.id} is open`);
          assert.equal(
            order.openLots,
            order.lots - order.executedLots,
            `order ${order.id} waits with what is left`,
          );
        }
        assert.equal(lots, level.lots, 'a level knows its sum');
      }
    }
    for (const order of market.trailing) queued.add(order);
  }
  return queued;
}
