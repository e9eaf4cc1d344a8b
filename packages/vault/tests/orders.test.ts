import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { botId, formatDecimal, parseDecimal, venueSymbol } from '@counterfoil/vocabulary';
import type { GateResult, IntentOf, UseRecord } from '@counterfoil/vocabulary/protocol';
import { marketBuy } from './_order.ts';
import { type PaperKey, startPaperKey } from './_paper-key.ts';

const symbol = venueSymbol.parse('BTCUSDT');
const bot = botId.parse('demo');

type Order = Pick<IntentOf<'orderCreate'>, 'side' | 'type' | 'sizedBy' | 'timeInForce'> & {
  readonly amount: string;
  readonly price?: string;
  readonly stopPrice?: string;
  readonly trailBps?: number;
};

interface Trader extends PaperKey {
  place(seq: number, order: Order): Promise<GateResult>;
  /** Prices that nobody pays soon, from what a purchase of 0.1 BTC cost. */
  farPrices(): Promise<{ readonly below: string; readonly above: string }>;
}

async function startTrader(t: TestContext): Promise<Trader> {
  const key = await startPaperKey(t, {});
  assert.equal((await key.check()).kind, 'permissions');
  const decimal = (text: string | undefined) => (text === undefined ? null : parseDecimal(text));
  return {
    ...key,
    place: (seq, { amount, price, stopPrice, trailBps, ...order }) =>
      key.ask({
        kind: 'orderCreate',
        connection: key.connection,
        id: { bot, seq },
        epoch: 1,
        symbol,
        ...order,
        amount: parseDecimal(amount),
        price: decimal(price),
        stopPrice: decimal(stopPrice),
        trailBps: trailBps ?? null,
      }),
    farPrices: async () => {
      const bought = use(await buy(key));
      const { filledAmount, filledQuantity } = bought.report ?? {};
      assert.ok(filledAmount && filledQuantity);
      const last = Number(formatDecimal(filledAmount)) / Number(formatDecimal(filledQuantity));
      return { below: (last * 0.97).toFixed(2), above: (last * 1.03).toFixed(2) };
    },
  };
}

const buy = (key: PaperKey): Promise<GateResult> =>
  key.ask(
    marketBuy(key.connection, 1, { id: { bot: botId.parse('first'), seq: 1 }, amount: parseDecimal('0.1') }),
  );

function use(result: GateResult): UseRecord {
  assert.ok(result.kind === 'use', result.kind === 'refused' ? result.sentence : result.kind);
  return result.use;
}

test('every type of order of the paper exchange is placed through the gate, and read back', async (t) => {
  const trader = await startTrader(t);
  const { connection } = trader;
  const { below, above } = await trader.farPrices();
  const base = { sizedBy: 'base', amount: '0.001', timeInForce: null } as const;
  const orders: readonly Order[] = [
    { ...base, side: 'buy', type: 'limit', price: below, timeInForce: 'gtc' },
    { ...base, side: 'buy', type: 'limitMaker', price: below },
    { ...base, side: 'sell', type: 'stop', stopPrice: below },
    { ...base, side: 'sell', type: 'stopLimit', stopPrice: below, price: below, timeInForce: 'gtc' },
    { ...base, side: 'sell', type: 'takeProfit', stopPrice: above },
    { ...base, side: 'sell', type: 'takeProfitLimit', stopPrice: above, price: above, timeInForce: 'gtc' },
    { ...base, side: 'sell', type: 'trailingStop', trailBps: 150 },
  ];
  const placed = [];
  for (const [seq, order] of orders.entries()) {
    const record = use(await trader.place(seq, order));
    assert.equal(record.state, 'accepted', `${order.type}: ${record.venueCode} ${record.venueSentence}`);
    assert.equal(record.report?.state, 'acknowledged', order.type);
    placed.push(record.clientOrderId);
  }
  const spent = use(
    await trader.place(50, { ...base, side: 'buy', type: 'market', amount: '50', sizedBy: 'quote' }),
  );
  assert.equal(spent.report?.state, 'filled');

  const open = await trader.ask({ kind: 'ordersOpen', connection, symbol });
  assert.ok(open.kind === 'orders');
  assert.deepEqual(new Set(open.orders.map(({ clientOrderId }) => clientOrderId)), new Set(placed));
  assert.deepEqual(await trader.ask({ kind: 'ordersOpen', connection, symbol: null }), open);

  const history = await trader.ask({ kind: 'ordersHistory', connection, symbol, sinceMs: 0 });
  assert.ok(history.kind === 'orders');
  assert.equal(history.orders.length, placed.length + 2);

  const trades = await trader.ask({ kind: 'tradesHistory', connection, symbol, fromId: null });
  assert.ok(trades.kind === 'trades' && trades.trades.length >= 2);
  const ours = trades.trades.filter(({ venueOrderId }) => venueOrderId === spent.report?.venueOrderId);
  const total = ours.reduce((sum, { quoteAmount }) => sum + Number(formatDecimal(quoteAmount)), 0);
  assert.equal(
    total.toFixed(6),
    Number(formatDecimal(spent.report?.filledAmount ?? parseDecimal('0'))).toFixed(6),
  );
  const fromId = trades.trades.at(-1)?.tradeId ?? null;
  const rest = await trader.ask({ kind: 'tradesHistory', connection, symbol, fromId });
  assert.ok(rest.kind === 'trades' && rest.trades.length === 1);

  const balances = await trader.ask({ kind: 'balances', connection });
  assert.ok(balances.kind === 'balances');
  assert.deepEqual(
    balances.balances.map(({ asset }) => String(asset)).toSorted((a, b) => a.localeCompare(b)),
    ['BTC', 'USDT'],
  );

  const all = { kind: 'orderCancelAll', connection, id: { bot, seq: 100 }, epoch: 1, symbol } as const;
  assert.equal(use(await trader.ask(all)).state, 'accepted');
  const after = await trader.ask({ kind: 'ordersOpen', connection, symbol });
  assert.deepEqual(after, { kind: 'orders', orders: [] });
  const again = use(await trader.ask(all));
  assert.equal(again.state, 'accepted', 'the same intent again is not a second request');
});

test('an order that lacks what its type needs, or has what it must not have, is refused before anything is built', async (t) => {
  const trader = await startTrader(t);
  const base = { side: 'sell', sizedBy: 'base', amount: '0.001', timeInForce: null } as const;
  const wrong: readonly Order[] = [
    { ...base, type: 'limit' },
    { ...base, type: 'market', price: '60000' },
    { ...base, type: 'stop' },
    { ...base, type: 'stopLimit', price: '60000' },
    { ...base, type: 'takeProfit', price: '60000', stopPrice: '60000' },
    { ...base, type: 'trailingStop', stopPrice: '60000' },
    { ...base, type: 'limitMaker', price: '60000', trailBps: 100 },
  ];
  for (const [seq, order] of wrong.entries()) {
    const result = await trader.place(seq, order);
    assert.equal(result.kind === 'refused' ? result.code : result.kind, 'not-at-venue', order.type);
  }
});
