import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BotEvent, Market, OrderRequest, Price, Quantity } from '@counterfoil/vocabulary';
import { defaultFillModel, type FillModel } from '../src/fills/model.ts';
import { isHighFirst, pathInto } from '../src/fills/path.ts';
import { SimulatedOrders } from '../src/fills/simulated-orders.ts';
import { Wallet } from '../src/fills/wallet.ts';
import { btc, coins, dollars, usdt } from './_markets.ts';

const free: FillModel = { ...defaultFillModel, halfSpreadPpm: 0, slippagePpm: 0, volumeSharePpm: null };

function venue(model: FillModel = free, quote = usdt(1_000), base = coins(1), market: Market = btc) {
  const events: BotEvent[] = [];
  const wallet = new Wallet(quote, base);
  const orders = new SimulatedOrders(market, model, wallet, (event) => events.push(event));
  orders.beginCandle(1_000_000_000_000);
  const fills = () => events.flatMap((event) => (event.kind === 'orderFilled' ? [event.fill] : []));
  return { orders, wallet, events, fills };
}

function order(side: 'buy' | 'sell', quantity: Quantity, price: Price | null): OrderRequest {
  const type = price === null ? 'market' : 'limit';
  return {
    side,
    type,
    sizing: { by: 'base', quantity },
    price,
    stopPrice: null,
    trailBy: null,
    timeInForce: 'gtc',
    reduceOnly: false,
  };
}

test('a resting buy fills at its price, only when the price goes a tick beyond, and pays the maker fee', () => {
  const { orders, wallet, fills } = venue();
  orders.place('a', order('buy', coins(0.1), dollars(1_000)), 100_500, 0);
  assert.equal(wallet.freeQuote, usdt(899.9), '100 and the fee are locked');
  orders.reach(100_000, 1);
  assert.equal(fills().length, 0, 'a touch is not enough');
  orders.reach(95_000, 2);
  const [fill] = fills();
  assert.equal(fill?.price, dollars(1_000), 'a gap does not improve a resting order');
  assert.equal(fill?.amount, usdt(100));
  assert.equal(fill?.fee, usdt(0.1));
  assert.equal(fill?.liquidity, 'maker');
  assert.equal(wallet.totalQuote, usdt(899.9));
  assert.equal(wallet.totalBase, coins(1.1));
});

test('what goes to market pays half the spread and slippage, rounded against it', () => {
  const { orders, fills } = venue({ ...free, halfSpreadPpm: 50, slippagePpm: 100 });
  orders.place('a', order('buy', coins(0.1), null), 100_001, 0);
  orders.place('b', order('sell', coins(0.1), null), 100_001, 0);
  // 1,000.01 × 1.00015 = 1,000.160…, up to 1,000.17; × 0.99985 = 999.85999…, down to 999.85.
  assert.deepEqual(
    fills().map((fill) => fill.price),
    [dollars(1_000.17), dollars(999.85)],
  );
  assert.deepEqual(
    fills().map((fill) => fill.liquidity),
    ['taker', 'taker'],
  );
});

test('a limit order that crosses takes at the better price and gives back what it had locked too much', () => {
  const { orders, wallet, fills } = venue();
  orders.place('a', order('buy', coins(0.1), dollars(1_100)), 100_000, 0);
  assert.equal(fills()[0]?.price, dollars(1_000));
  assert.equal(wallet.freeQuote, usdt(899.9));
});

test('an order takes its share of the volume and waits for the next candle with the rest', () => {
  const { orders, fills, events } = venue({ ...free, volumeSharePpm: 100_000 });
  orders.beginCandle(50_000_000); // 0.5 traded: 0.05 for us
  orders.place('a', order('sell', coins(0.12), null), 100_000, 0);
  assert.equal(fills()[0]?.quantity, coins(0.05));
  assert.equal(orders.waits, true);
  orders.beginCandle(50_000_000);
  orders.reach(99_000, 60_000);
  orders.beginCandle(50_000_000);
  orders.reach(98_000, 120_000);
  assert.deepEqual(
    fills().map((fill) => fill.quantity),
    [coins(0.05), coins(0.05), coins(0.02)],
  );
  assert.deepEqual(
    fills().map((fill) => fill.price),
    [dollars(1_000), dollars(990), dollars(980)],
  );
  assert.equal(events.length, 3);
  assert.equal(orders.waits, false);
});

test('a cancel gives the locked money back and says what was filled', () => {
  const { orders, wallet, events } = venue({ ...free, volumeSharePpm: 100_000 });
  orders.beginCandle(50_000_000);
  orders.place('a', order('buy', coins(0.2), dollars(1_000)), 100_500, 0);
  orders.reach(99_000, 1);
  orders.cancel('a', 2);
  const report = events.findLast((event) => event.kind === 'orderReported')?.report;
  assert.equal(report?.state, 'cancelled');
  assert.equal(report?.filledQuantity, coins(0.05));
  assert.equal(wallet.freeQuote, wallet.totalQuote);
  assert.equal(wallet.totalQuote, usdt(949.95), '50 and its fee were spent');
});

test('fees are taken in quote, from what comes in, or elsewhere', () => {
  const received = venue({ ...free, feeIn: 'received' });
  received.orders.place('a', order('buy', coins(0.1), null), 100_000, 0);
  assert.equal(received.fills()[0]?.feeAsset, 'BTC');
  assert.equal(received.wallet.totalBase, coins(1) + 9_990_000n);
  assert.equal(received.wallet.totalQuote, usdt(900));
  const third = venue({ ...free, feeIn: 'third' });
  third.orders.place('a', order('sell', coins(0.1), null), 100_000, 0);
  assert.equal(third.fills()[0]?.feeAsset, 'FEE');
  assert.equal(third.wallet.totalQuote, usdt(1_100));
});

test('orders below the filters or beyond the money are refused', () => {
  const { orders, events } = venue();
  orders.place('small', order('buy', coins(0.001), dollars(1_000)), 100_000, 0);
  orders.place('poor', order('buy', coins(2), dollars(900)), 100_000, 0);
  orders.place('empty', order('sell', coins(2), null), 100_000, 0);
  assert.deepEqual(
    events.map((event) => (event.kind === 'orderRefused' ? event.reason : event.kind)),
    ['notionalTooSmall (limit 10)', 'insufficientFunds', 'insufficientFunds'],
  );
});

test('the extreme nearer to the open comes first; the other rules turn it round', () => {
  assert.equal(isHighFirst(100, 103, 90, 95), true);
  assert.equal(isHighFirst(100, 110, 98, 105), false);
  assert.equal(isHighFirst(100, 105, 95, 104), false, 'at equal distance a rising candle fell first');
  const path = new Float64Array(4);
  assert.equal(pathInto(path, 'low-first', 100, 103, 90, 95), 4);
  assert.deepEqual([...path], [100, 90, 103, 95]);
  assert.equal(pathInto(path, 'close-only', 100, 103, 90, 95), 1);
  assert.equal(path[0], 95);
});
