/**
 * A trading day of an unmodified ccxt against the paper exchange named by the environment; every assertion is
 * to the last unit. Exits with the assertion's message when one fails.
 */
import assert from 'node:assert/strict';
import ccxt, { type Order } from 'ccxt';
import { counterparty, dayFromEnvironment, limit } from './_day.ts';

const day = await dayFromEnvironment();
const other = counterparty(day);
const ws = day.url.replace('https:', 'wss:');

const exchange = new ccxt.pro.binance({
  apiKey: day.apiKey,
  secret: day.privateKeyPem,
  options: { fetchMarkets: { types: ['spot'] }, defaultType: 'spot', adjustForTimeDifference: true },
});
exchange.has['fetchCurrencies'] = false;
for (const [name, url] of Object.entries(exchange.urls['api'])) {
  if (typeof url !== 'string') continue;
  const path = new URL(url).pathname;
  (exchange.urls['api'] as Record<string, unknown>)[name] = day.url + path;
}
(exchange.urls['api'] as Record<string, unknown>)['ws'] = {
  spot: `${ws}/ws`,
  'ws-api': { spot: `${ws}/ws-api/v3` },
};

function idOf(order: Order): string {
  assert(order.id !== undefined);
  return order.id;
}

const SYMBOL = 'BTC/USDT';
const markets = await exchange.loadMarkets();
assert.equal(markets[SYMBOL]?.precision.price, 0.01);
assert.equal(markets[SYMBOL]?.limits.cost?.min, 5);

// Public data, once there is a book and a trade.
await other.signed('POST', '/api/v3/order', limit('SELL', '1', '62000'));
await other.signed('POST', '/api/v3/order', limit('BUY', '1', '61000'));
const ticker = await exchange.fetchBidsAsks([SYMBOL]);
assert.equal(ticker[SYMBOL]?.ask, 62000);
const book = await exchange.fetchOrderBook(SYMBOL);
assert.deepEqual(book.bids[0], [61000, 1]);

// The user stream sees everything from here on.
const watched: Order[] = [];
const watching = (async () => {
  for (;;) for (const order of await exchange.watchOrders(SYMBOL)) watched.push(order);
})();
watching.catch(() => {});
// Nothing tells when the subscription stands: an order that the stream reports does.
while (watched.length === 0) {
  const probe = await exchange.createOrder(SYMBOL, 'limit', 'buy', 0.001, 50000);
  await exchange.cancelOrder(idOf(probe), SYMBOL);
}
const probes = (await exchange.fetchOrders(SYMBOL)).length;

const bought = await exchange.createOrder(SYMBOL, 'market', 'buy', 0.25);
assert.equal(bought.status, 'closed');
assert.equal(bought.cost, 15500);
assert.deepEqual([bought.fee?.cost, bought.fee?.currency], [0.00025, 'BTC']);
const byCost = await exchange.createMarketBuyOrderWithCost(SYMBOL, 620);
assert.equal(byCost.filled, 0.01);

const resting = await exchange.createOrder(SYMBOL, 'limit', 'sell', 0.1, 63000);
assert.equal(resting.status, 'open');
const edited = await exchange.editOrder(idOf(resting), SYMBOL, 'limit', 'sell', 0.1, 61999);
await other.signed('POST', '/api/v3/order', limit('BUY', '0.04', '61999', { timeInForce: 'IOC' }));
const partly = await exchange.fetchOrder(idOf(edited), SYMBOL);
assert.deepEqual([partly.filled, partly.remaining, partly.status], [0.04, 0.06, 'open']);
assert.equal((await exchange.fetchOpenOrders(SYMBOL)).length, 1);
await exchange.cancelOrder(idOf(edited), SYMBOL);

const stop = await exchange.createOrder(SYMBOL, 'market', 'sell', 0.05, undefined, { stopLossPrice: 60000 });
const profit = await exchange.createOrder(SYMBOL, 'limit', 'sell', 0.05, 64100, { takeProfitPrice: 64000 });
const trailing = await exchange.createOrder(SYMBOL, 'market', 'sell', 0.05, undefined, {
  trailingPercent: 5,
  stopLossOrTakeProfit: 'stopLoss',
});
assert.equal((await exchange.fetchOpenOrders(SYMBOL)).length, 3);
const stopLimit = await exchange.createOrder(SYMBOL, 'limit', 'sell', 0.05, 59900, { stopLossPrice: 60000 });
const profitAtMarket = await exchange.createOrder(SYMBOL, 'market', 'sell', 0.05, undefined, {
  takeProfitPrice: 64000,
});
assert.equal((await exchange.fetchOpenOrders(SYMBOL)).length, 5);
const maker = await exchange.createOrder(SYMBOL, 'limit', 'buy', 0.1, 60500, { postOnly: true });
assert.equal(maker.status, 'open');
await assert.rejects(
  exchange.createOrder(SYMBOL, 'limit', 'buy', 0.1, 62000, { postOnly: true }),
  ccxt.OrderImmediatelyFillable,
);
await assert.rejects(exchange.createOrder(SYMBOL, 'limit', 'buy', 100, 61000), ccxt.InsufficientFunds);
await assert.rejects(exchange.createOrder(SYMBOL, 'limit', 'buy', 0.00001, 61000), /NOTIONAL/);
await assert.rejects(exchange.fetchOrder('999999', SYMBOL), ccxt.OrderNotFound);
const overSocket = await exchange.createOrderWs(SYMBOL, 'limit', 'buy', 0.1, 60400);
assert.equal(overSocket.status, 'open');
await exchange.cancelOrderWs(idOf(overSocket), SYMBOL);
assert.equal((await exchange.cancelAllOrders(SYMBOL)).length, 6);
for (const order of [stop, profit, trailing, stopLimit, profitAtMarket, maker]) {
  assert.equal((await exchange.fetchOrder(idOf(order), SYMBOL)).status, 'canceled');
}

// Order lists have no unified method: the implicit one, as ccxt's manual says.
const list = (await exchange.privatePostOrderListOco({
  symbol: 'BTCUSDT',
  side: 'SELL',
  quantity: '0.1',
  aboveType: 'LIMIT_MAKER',
  abovePrice: '62100',
  belowType: 'STOP_LOSS_LIMIT',
  belowStopPrice: '60000',
  belowPrice: '59900',
  belowTimeInForce: 'GTC',
})) as { orderListId: string; contingencyType: string; orders: { orderId: string }[] };
assert.equal(list.contingencyType, 'OCO');
assert.equal((await exchange.fetchOpenOrders(SYMBOL)).length, 2);
// The taker's own ask at 62000 stands in the way; self-trade prevention takes it off.
await other.signed('POST', '/api/v3/order', limit('BUY', '0.03', '62100', { timeInForce: 'IOC' }));
const [winner, ...losers] = await exchange.fetchOpenOrders(SYMBOL);
assert.deepEqual([winner?.filled, winner?.status, losers], [0.03, 'open', []]);
const open = (await exchange.privateGetOpenOrderList()) as { orderListId: string }[];
assert.deepEqual(
  open.map(({ orderListId }) => orderListId),
  [list.orderListId],
);
await exchange.privateDeleteOrderList({ symbol: 'BTCUSDT', orderListId: list.orderListId });
assert.equal((await exchange.fetchOpenOrders(SYMBOL)).length, 0);

const trades = await exchange.fetchMyTrades(SYMBOL);
assert.equal(trades.length, 4);
assert.equal((await exchange.fetchOrders(SYMBOL)).length - probes, 13);
const balance = await exchange.fetchBalance();
// Bought 0.26 for 16120 less 0.1 % of it, sold 0.04 at 61999 and 0.03 at 62100 less 0.1 % of the proceeds.
assert.deepEqual((balance['info'] as { balances: unknown }).balances, [
  { asset: 'USDT', free: '88218.61704000', locked: '0.00000000' },
  { asset: 'BTC', free: '10.18974000', locked: '0.00000000' },
]);
const fee = await exchange.fetchTradingFee(SYMBOL);
assert.deepEqual([fee.maker, fee.taker], [0.001, 0.001]);

const seen = new Set(watched.map((order) => order.id));
for (const order of [bought, resting, edited, stop, maker])
  assert(seen.has(order.id), `stream told of ${order.id}`);
await exchange.close();
other.close();
process.stdout.write('day done\n');
process.exit(0);
