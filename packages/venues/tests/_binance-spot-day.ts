/** A trading day of an unmodified `@binance/spot` (npm): REST, WebSocket API with user data, market streams. */
import assert from 'node:assert/strict';
import { Spot, type SpotRestAPI } from '@binance/spot';
import { counterparty, dayFromEnvironment, endDay, limit } from './_day.ts';

const day = await dayFromEnvironment();
const other = counterparty(day);
const ws = day.url.replace('https:', 'wss:');
const credentials = { apiKey: day.apiKey, privateKey: day.privateKeyPem };
const client = new Spot({
  configurationRestAPI: { ...credentials, basePath: day.url },
  configurationWebsocketAPI: { ...credentials, wsURL: `${ws}/ws-api/v3` },
  configurationWebsocketStreams: { wsURL: ws },
});
const symbol = 'BTCUSDT';
const rest = client.restAPI;
// The client's enums exist at run time under names that differ between its versions; their values are the wire's.
const order = (fields: object): Promise<{ data(): Promise<SpotRestAPI.NewOrderResponse> }> =>
  rest.newOrder({ symbol, ...fields } as SpotRestAPI.NewOrderRequest);

await other.signed('POST', '/api/v3/order', limit('SELL', '1', '62000'));
await other.signed('POST', '/api/v3/order', limit('BUY', '1', '61000'));
const info = await (await rest.exchangeInfo({ symbol })).data();
assert.equal(info.symbols?.[0]?.status, 'TRADING');
const book = await (await rest.depth({ symbol })).data();
assert.deepEqual(book.bids?.[0], ['61000.00000000', '1.00000000']);

const streams = await client.websocketStreams.connect();
const trades: unknown[] = [];
streams.trade({ symbol: 'btcusdt' }).on('message', (data) => {
  trades.push(data);
});

const socket = await client.websocketAPI.connect();
const reports: { x?: string }[] = [];
const { stream } = await socket.userDataStreamSubscribeSignature();
stream.on('message', (event) => {
  if (event.e === 'executionReport') reports.push(event);
});
const placed = await socket.orderPlace({
  symbol,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: 0.1,
  price: 60500,
} as Parameters<typeof socket.orderPlace>[0]);
assert.equal(placed.data.status, 'NEW');

const bought = await (await order({ side: 'BUY', type: 'MARKET', quantity: 0.25 })).data();
assert.equal(bought.status, 'FILLED');
assert.equal(bought.fills?.[0]?.commission, '0.00025000');
await order({ side: 'BUY', type: 'MARKET', quoteOrderQty: 620 });
await order({ side: 'SELL', type: 'STOP_LOSS', quantity: 0.05, stopPrice: 60000 });
await order({
  side: 'SELL',
  type: 'STOP_LOSS_LIMIT',
  quantity: 0.05,
  stopPrice: 60000,
  price: 59900,
  timeInForce: 'GTC',
});
await order({ side: 'SELL', type: 'TAKE_PROFIT', quantity: 0.05, stopPrice: 64000 });
await order({
  side: 'SELL',
  type: 'TAKE_PROFIT_LIMIT',
  quantity: 0.05,
  stopPrice: 64000,
  price: 64100,
  timeInForce: 'GTC',
});
await order({ side: 'SELL', type: 'STOP_LOSS', quantity: 0.05, trailingDelta: 500 });
await order({ side: 'BUY', type: 'LIMIT_MAKER', quantity: 0.1, price: 60600 });
await assert.rejects(
  order({ side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: 100, price: 61000 }),
  /insufficient balance/,
);
assert.equal((await (await rest.getOpenOrders({ symbol })).data()).length, 7);
await rest.deleteOpenOrders({ symbol });

const list = await (
  await rest.orderListOco({
    symbol,
    side: 'SELL',
    quantity: 0.1,
    aboveType: 'LIMIT_MAKER',
    abovePrice: 62100,
    belowType: 'STOP_LOSS',
    belowStopPrice: 60000,
  } as SpotRestAPI.OrderListOcoRequest)
).data();
assert.equal(list.contingencyType, 'OCO');
// The taker's own ask at 62000 stands in the way; self-trade prevention takes it off.
await other.signed('POST', '/api/v3/order', limit('BUY', '0.04', '62100', { timeInForce: 'IOC' }));
const open = await (await rest.getOpenOrders({ symbol })).data();
assert.deepEqual(
  open.map((one) => one.status),
  ['PARTIALLY_FILLED'],
);
await rest.deleteOpenOrders({ symbol });

assert.equal((await (await rest.myTrades({ symbol })).data()).length, 3);
const account = await (await rest.getAccount()).data();
endDay(account.balances, reports, trades);
