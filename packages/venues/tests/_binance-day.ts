/** A trading day of an unmodified `binance` (npm): REST, WebSocket API and both kinds of stream. */
import assert from 'node:assert/strict';
import { MainClient, WebsocketAPIClient, WebsocketClient } from 'binance';
import { counterparty, dayFromEnvironment, endDay, limit } from './_day.ts';

const day = await dayFromEnvironment();
const other = counterparty(day);
const ws = day.url.replace('https:', 'wss:');
const client = new MainClient({ api_key: day.apiKey, api_secret: day.privateKeyPem, baseUrl: day.url });
const symbol = 'BTCUSDT';

const info = await client.getExchangeInfo({ symbol });
assert.equal(info.symbols[0]?.baseAsset, 'BTC');
await other.signed('POST', '/api/v3/order', limit('SELL', '1', '62000'));
await other.signed('POST', '/api/v3/order', limit('BUY', '1', '61000'));
const book = await client.getOrderBook({ symbol, limit: 5 });
assert.deepEqual(book.asks[0], ['62000.00000000', '1.00000000']);

// Market stream: the first trade below arrives on it.
const streams = new WebsocketClient({ wsUrl: ws, beautify: false });
const trades: unknown[] = [];
streams.on('message', (message) => trades.push(message));
streams.on('exception', () => {});
void streams.subscribe('btcusdt@trade', 'main');

// User data and orders over the WebSocket API.
const silent = { trace: () => {}, info: () => {}, error: () => {} };
const socket = new WebsocketAPIClient(
  {
    api_key: day.apiKey,
    api_secret: day.privateKeyPem,
    wsUrl: ws,
    beautify: false,
    attachEventListeners: false,
  },
  silent,
);
interface Report {
  readonly e?: string;
  readonly x?: string;
}
const reports: Report[] = [];
socket.getWSClient().on('message', (message: unknown) => {
  // This client takes the event out of its envelope.
  const event = message as Report;
  if (event.e === 'executionReport') reports.push(event);
});
await socket.subscribeUserDataStream('mainWSAPI');
// The exchange wants a timestamp that the client's type does not know; a variable may carry it.
const limitOrder = {
  symbol,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '0.1',
  price: '60500',
  timestamp: Date.now(),
} as const;
const placed = await socket.submitNewSpotOrder(limitOrder);
assert.equal(placed.status, 200);

const bought = await client.submitNewOrder({
  symbol,
  side: 'BUY',
  type: 'MARKET',
  quantity: 0.25,
  newOrderRespType: 'FULL',
});
assert('fills' in bought);
assert.equal(bought.status, 'FILLED');
assert.deepEqual(bought.fills[0]?.commission, '0.00025000');
await client.submitNewOrder({ symbol, side: 'BUY', type: 'MARKET', quoteOrderQty: 620 });
const stop = await client.submitNewOrder({
  symbol,
  side: 'SELL',
  type: 'STOP_LOSS',
  quantity: 0.05,
  stopPrice: 60000,
  newOrderRespType: 'RESULT',
});
assert('status' in stop);
assert.equal(stop.status, 'NEW');
await client.submitNewOrder({
  symbol,
  side: 'SELL',
  type: 'TAKE_PROFIT_LIMIT',
  quantity: 0.05,
  stopPrice: 64000,
  price: 64100,
  timeInForce: 'GTC',
});
await client.submitNewOrder({
  symbol,
  side: 'SELL',
  type: 'STOP_LOSS_LIMIT',
  quantity: 0.05,
  stopPrice: 60000,
  price: 59900,
  timeInForce: 'GTC',
});
await client.submitNewOrder({ symbol, side: 'SELL', type: 'TAKE_PROFIT', quantity: 0.05, stopPrice: 64000 });
await client.submitNewOrder({ symbol, side: 'SELL', type: 'STOP_LOSS', quantity: 0.05, trailingDelta: 500 });
await client.submitNewOrder({ symbol, side: 'BUY', type: 'LIMIT_MAKER', quantity: 0.1, price: 60600 });
await assert.rejects(
  client.submitNewOrder({ symbol, side: 'BUY', type: 'LIMIT_MAKER', quantity: 0.1, price: 62000 }),
  { code: -2010, message: 'Order would immediately match and take.' },
);
assert.equal((await client.getOpenOrders({ symbol })).length, 7);
assert.equal((await client.cancelAllSymbolOrders({ symbol })).length, 7);

// A list: a maker order must stand above the last price of 62000, and when it trades the stop expires.
await assert.rejects(
  client.submitNewOCO({ symbol, side: 'SELL', quantity: 0.1, price: 61999, stopPrice: 60000 }),
  { code: -2010, message: 'The relationship of the prices for the orders is not correct.' },
);
await client.submitNewOCO({ symbol, side: 'SELL', quantity: 0.1, price: 62100, stopPrice: 60000 });
// The taker's own ask at 62000 stands in the way; self-trade prevention takes it off.
await other.signed('POST', '/api/v3/order', limit('BUY', '0.04', '62100', { timeInForce: 'IOC' }));
assert.deepEqual(
  (await client.getOpenOrders({ symbol })).map((order) => order.status),
  ['PARTIALLY_FILLED'],
);
await client.cancelAllSymbolOrders({ symbol });

assert.equal((await client.getAccountTradeList({ symbol })).length, 3);
const account = await client.getAccountInformation();
endDay(account.balances, reports, trades);
