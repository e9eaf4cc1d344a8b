import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptOrders } from '../src/paper/core/kept-orders.ts';
import { OpenOrders } from '../src/paper/core/open-orders.ts';
import type { Order } from '../src/paper/core/order.ts';
import { randomBelow } from '../src/paper/core/random.ts';
import { SortedLevels } from '../src/paper/core/sorted-levels.ts';
import { DEFAULT_MARKET } from '../src/paper/default-market.ts';
import { makeOrder } from '../src/paper/core/place.ts';
import { openMarket } from '../src/paper/core/market.ts';

const MARKET = openMarket(DEFAULT_MARKET);

test('kept orders answer as maps of all that was kept and forgotten do', () => {
  const choices = { seed: 5 };
  const kept = new KeptOrders();
  const byId = new Map<number, Order>();
  for (let step = 1; step <= 20_000; step++) {
    if (randomBelow(choices, 5) < 3) {
      const made = order(
        3 * step,
        `client-${randomBelow(choices, 3_000)}`,
        symbolOf(randomBelow(choices, 2)),
      );
      kept.add(made);
      byId.set(made.id, made);
    } else {
      // Mostly the oldest, as a history forgets.
      const [first] = byId.values();
      const gone = byId.get(3 * randomBelow(choices, step)) ?? first;
      if (gone !== undefined && !hasLater(byId, gone)) {
        kept.forget(gone);
        byId.delete(gone.id);
      }
    }
    const id = randomBelow(choices, 3 * step);
    assert.equal(kept.get(id), byId.get(id));
    if (step % 500 === 0) compare(kept, byId);
  }
});

/** True where another order took over the client order id: a history forgets the older one first. */
function hasLater(byId: ReadonlyMap<number, Order>, candidate: Order): boolean {
  for (const { id, clientOrderId, symbol } of byId.values()) {
    if (id !== candidate.id && clientOrderId === candidate.clientOrderId && symbol === candidate.symbol) {
      return true;
    }
  }
  return false;
}

function compare(kept: KeptOrders, byId: ReadonlyMap<number, Order>): void {
  assert.equal(kept.size, byId.size);
  assert.deepEqual(
    Array.from(kept.values(), ({ id }) => id),
    [...byId.keys()],
  );
  const latest = new Map([...byId.values()].map((kind) => [`${kind.symbol} ${kind.clientOrderId}`, kind]));
  for (let index = 0; index < 3_000; index++) {
    for (const symbol of [symbolOf(0), symbolOf(1)]) {
      const found = kept.byClientId(symbol, `client-${index}`);
      assert.equal(found, latest.get(`${symbol} client-${index}`));
    }
  }
}

test('client order ids whose hashes collide are told apart', () => {
  const kept = new KeptOrders();
  // FNV-1a of both is the same 32 bits.
  const [one, other] = [order(1, 'costarring'), order(2, 'liquid')];
  kept.add(one);
  kept.add(other);
  assert.equal(kept.byClientId(one.symbol, 'costarring'), one);
  assert.equal(kept.byClientId(one.symbol, 'liquid'), other);
});

test('orders are kept in the order of their ids alone', () => {
  const kept = new KeptOrders();
  kept.add(order(2, 'a'));
  assert.throws(() => kept.add(order(1, 'b')), /in the order of their ids/);
});

test('open orders are listed oldest first, whichever of them close', () => {
  const choices = { seed: 6 };
  const open = new OpenOrders();
  const expected = new Set<Order>();
  for (let step = 1; step <= 5_000; step++) {
    const listed = [...expected];
    const gone = listed[randomBelow(choices, 40)];
    if (gone === undefined) {
      const made = order(step, `client-${step}`);
      open.add(made);
      expected.add(made);
    } else {
      assert.equal(open.delete(gone), true);
      assert.equal(open.delete(gone), false, 'closes once');
      assert.equal(open.has(gone), false);
      expected.delete(gone);
    }
    assert.equal(open.size, expected.size);
    assert.deepEqual(
      open.values().map(({ id }) => id),
      Array.from(expected, ({ id }) => id),
    );
  }
});

test('sorted levels answer as a sorted list of their keys does', () => {
  const choices = { seed: 7 };
  const levels = new SortedLevels<number>();
  const keys = new Set<number>();
  for (let step = 0; step < 30_000; step++) {
    const key = randomBelow(choices, 4_000) - 2_000;
    if (keys.has(key) && randomBelow(choices, 3) > 0) {
      levels.remove(key);
      keys.delete(key);
    } else {
      assert.equal(
        levels.getOrAdd(key, (made) => made),
        key,
      );
      keys.add(key);
    }
    assert.equal(levels.get(key), keys.has(key) ? key : undefined);
    if (step % 300 !== 0) continue;
    const sorted = [...keys].toSorted((left, right) => right - left);
    assert.deepEqual([...levels.fromLast()], sorted);
    assert.equal(levels.last(), sorted[0]);
  }
  assert.throws(() => levels.remove(9_999), /a level lies/);
});

function symbolOf(index: number): string {
  return index === 0 ? 'BTCUSDT' : 'ETHUSDT';
}

function order(id: number, clientOrderId: string, symbol = 'BTCUSDT'): Order {
  const request = {
    account: 2,
    symbol,
    clientOrderId,
    side: 'BUY',
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantityUnits: 1_000n,
    quoteOrderUnits: 0n,
    priceUnits: 1_000_000n,
    stopPriceUnits: 0n,
    trailingBips: 0,
    selfTradePrevention: 'NONE',
  } as const;
  return makeOrder(id, -1, MARKET, request, 1);
}
