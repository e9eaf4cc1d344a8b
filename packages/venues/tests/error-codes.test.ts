import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  STILL_MARKET,
  admin,
  limit,
  market,
  openClient,
  startExchange,
  type Client,
  type Fields,
  type Reply,
  type Running,
} from './_client.ts';

const PLACE = ['POST', '/api/v3/order'] as const;
const OCO = ['POST', '/api/v3/orderList/oco'] as const;
const sell = (fields: Fields): Fields => ({ symbol: 'BTCUSDT', side: 'SELL', quantity: '0.1', ...fields });
const buy = (fields: Fields): Fields => ({ ...sell(fields), side: 'BUY' });
const maker = (where: 'above' | 'below', price: string): Fields => ({
  [`${where}Type`]: 'LIMIT_MAKER',
  [`${where}Price`]: price,
});
const contingent = (where: 'above' | 'below', type: string, stop: string): Fields => ({
  [`${where}Type`]: type,
  [`${where}StopPrice`]: stop,
});

/** What is asked of a market whose last price is 62,000, with a bid at 61,900 and an ask at 62,100. */
const CASES: readonly (readonly [
  code: number,
  message: string,
  request: readonly [string, string],
  fields: Fields,
])[] = [
  [-1013, 'Filter failure: PRICE_FILTER', PLACE, limit('BUY', '0.1', '61000.001')],
  [-1013, 'Filter failure: PRICE_FILTER', PLACE, limit('SELL', '0.1', '1000001')],
  [-1013, 'Filter failure: PERCENT_PRICE_BY_SIDE', PLACE, limit('BUY', '0.1', '12000')],
  [-1013, 'Filter failure: PERCENT_PRICE_BY_SIDE', PLACE, limit('SELL', '0.1', '320000')],
  [-1013, 'Filter failure: LOT_SIZE', PLACE, limit('BUY', '0.000015', '61000')],
  [-1013, 'Filter failure: LOT_SIZE', PLACE, limit('BUY', '9001', '61000')],
  [-1013, 'Filter failure: MARKET_LOT_SIZE', PLACE, market('SELL', '101')],
  [-1013, 'Filter failure: NOTIONAL', PLACE, limit('BUY', '0.00005', '61000')],
  [-1013, 'Filter failure: NOTIONAL', PLACE, limit('SELL', '200', '62500')],
  [-1013, 'Filter failure: TRAILING_DELTA', PLACE, sell({ type: 'STOP_LOSS', trailingDelta: 5 })],
  [
    -1100,
    "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'.",
    PLACE,
    { ...limit('BUY', '1', '1'), symbol: 'btcusdt' },
  ],
  [
    -1100,
    "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
    PLACE,
    limit('BUY', '-1', '61000'),
  ],
  [
    -1100,
    "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'.",
    PLACE,
    limit('BUY', '1', '61000', { newClientOrderId: 'x'.repeat(37) }),
  ],
  [
    -1102,
    "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.",
    ['GET', '/api/v3/allOrders'],
    {},
  ],
  [
    -1102,
    "Mandatory parameter 'side' was not sent, was empty/null, or malformed.",
    PLACE,
    { symbol: 'BTCUSDT', type: 'MARKET', quantity: '1' },
  ],
  [
    -1102,
    "Mandatory parameter 'price' was not sent, was empty/null, or malformed.",
    PLACE,
    sell({ type: 'LIMIT', timeInForce: 'GTC' }),
  ],
  [
    -1102,
    "Mandatory parameter 'timeInForce' was not sent, was empty/null, or malformed.",
    PLACE,
    sell({ type: 'LIMIT', price: '62000' }),
  ],
  [
    -1102,
    "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!",
    PLACE,
    { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET' },
  ],
  [
    -1102,
    "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!",
    PLACE,
    sell({ type: 'STOP_LOSS' }),
  ],
  [
    -1102,
    "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    ['GET', '/api/v3/order'],
    { symbol: 'BTCUSDT' },
  ],
  [
    -1102,
    "'recvWindow' contains unexpected value. Cannot be greater than '60000'.",
    ['GET', '/api/v3/account'],
    { recvWindow: 60001 },
  ],
  [
    -1104,
    "Not all sent parameters were read; read '7' parameter(s) but was sent '8'.",
    PLACE,
    { ...market('BUY', '0.1'), newOrderRespType: 'ACK', unknown: 1 },
  ],
  [-1105, "Parameter 'timeInForce' was empty.", PLACE, limit('BUY', '1', '61000', { timeInForce: '' })],
  [-1106, "Parameter 'price' sent when not required.", PLACE, market('BUY', '1', { price: '62000' })],
  [
    -1106,
    "Parameter 'timeInForce' sent when not required.",
    PLACE,
    market('BUY', '1', { timeInForce: 'GTC' }),
  ],
  [
    -1106,
    "Parameter 'stopPrice' sent when not required.",
    PLACE,
    limit('BUY', '1', '61000', { stopPrice: '62500' }),
  ],
  [
    -1108,
    "Parameter 'orderId' overflowed.",
    ['GET', '/api/v3/order'],
    { symbol: 'BTCUSDT', orderId: '9'.repeat(20) },
  ],
  [-1111, "Parameter 'quantity' has too much precision.", PLACE, limit('BUY', '0.123456789', '61000')],
  [-1115, 'Invalid timeInForce.', PLACE, limit('BUY', '1', '61000', { timeInForce: 'GTD' })],
  [-1116, 'Invalid orderType.', PLACE, sell({ type: 'ICEBERG' })],
  [-1117, 'Invalid side.', PLACE, { ...market('BUY', '1'), side: 'HOLD' }],
  [-1121, 'Invalid symbol.', PLACE, { ...market('BUY', '1'), symbol: 'NOSUCH' }],
  [
    -1130,
    "Data sent for parameter 'limit' is not valid.",
    ['GET', '/api/v3/allOrders'],
    { symbol: 'BTCUSDT', limit: 1001 },
  ],
  [-1158, 'Order type not supported in OCO.', OCO, sell({ aboveType: 'MARKET', belowType: 'STOP_LOSS' })],
  [
    -1165,
    'A limit order in a buy OCO must be below.',
    OCO,
    buy({ ...maker('above', '62200'), ...contingent('below', 'TAKE_PROFIT', '61000') }),
  ],
  [
    -1166,
    'A limit order in a sell OCO must be above.',
    OCO,
    sell({ ...contingent('above', 'TAKE_PROFIT', '63000'), ...maker('below', '61000') }),
  ],
  [
    -1168,
    'At least one OCO order must be contingent.',
    OCO,
    sell({ ...maker('above', '63000'), ...maker('below', '61000') }),
  ],
  [
    -1196,
    'A stop loss order in a buy OCO must be above.',
    OCO,
    buy({ ...contingent('above', 'STOP_LOSS', '63000'), ...contingent('below', 'STOP_LOSS', '61000') }),
  ],
  [
    -1197,
    'A stop loss order in a sell OCO must be below.',
    OCO,
    sell({ ...contingent('above', 'STOP_LOSS', '63000'), ...contingent('below', 'STOP_LOSS', '61000') }),
  ],
  [
    -1198,
    'A take profit order in a buy OCO must be below.',
    OCO,
    buy({ ...contingent('above', 'TAKE_PROFIT', '63000'), ...contingent('below', 'TAKE_PROFIT', '61000') }),
  ],
  [
    -1199,
    'A take profit order in a sell OCO must be above.',
    OCO,
    sell({ ...contingent('above', 'TAKE_PROFIT', '63000'), ...contingent('below', 'TAKE_PROFIT', '61000') }),
  ],
  [
    -2010,
    'The relationship of the prices for the orders is not correct.',
    OCO,
    sell({ ...maker('above', '61950'), ...contingent('below', 'STOP_LOSS', '61000') }),
  ],
  [-2010, 'Account has insufficient balance for requested action.', PLACE, limit('BUY', '100', '61000')],
  [-2010, 'Account has insufficient balance for requested action.', PLACE, market('SELL', '11')],
  [-2010, 'Order would immediately match and take.', PLACE, sell({ type: 'LIMIT_MAKER', price: '61900' })],
  [-2010, 'Order would trigger immediately.', PLACE, sell({ type: 'STOP_LOSS', stopPrice: '62000' })],
  [-2010, 'Order would trigger immediately.', PLACE, sell({ type: 'TAKE_PROFIT', stopPrice: '61000' })],
  [-2011, 'Unknown order sent.', ['DELETE', '/api/v3/order'], { symbol: 'BTCUSDT', orderId: 987654 }],
  [-2011, 'Unknown order sent.', ['DELETE', '/api/v3/openOrders'], { symbol: 'BTCUSDT' }],
  [-2013, 'Order does not exist.', ['GET', '/api/v3/order'], { symbol: 'BTCUSDT', orderId: 987654 }],
  [-2018, 'Order list does not exist.', ['GET', '/api/v3/orderList'], { orderListId: 987654 }],
];

describe('error codes', () => {
  let running: Running;
  let client: Client;
  let other: Client;

  before(async () => {
    running = await startExchange();
    ({ client } = await openClient(running.exchange));
    ({ client: other } = await openClient(running.exchange));
    await other.signed('POST', '/api/v3/order', limit('BUY', '1', '61900'));
    await other.signed('POST', '/api/v3/order', limit('SELL', '1', '62100'));
  });
  after(async () => {
    client.close();
    other.close();
    await running.stop();
  });

  const expectError = (reply: Reply, status: number, code: number, msg: string): void => {
    assert.deepEqual([reply.status, reply.at('code'), reply.at('msg')], [status, code, msg]);
  };

  for (const [code, message, [method, path], fields] of CASES) {
    test(`${code} ${message} (${method} ${JSON.stringify(fields)})`, async () => {
      expectError(await client.signed(method, path, fields), 400, code, message);
    });
  }

  test('-1021 for a timestamp outside the window and for one ahead of the exchange', async () => {
    const at = (timestamp: number): Promise<Reply> =>
      client.signed('GET', '/api/v3/account', {}, { timestamp });
    expectError(
      await at(Date.now() - 6_000),
      400,
      -1021,
      'Timestamp for this request is outside of the recvWindow.',
    );
    expectError(
      await at(Date.now() + 2_000),
      400,
      -1021,
      "Timestamp for this request was 1000ms ahead of the server's time.",
    );
    assert.equal((await at(Date.now() * 1_000)).status, 200, 'microseconds are fine');
    await admin(running.exchange, 'PUT', '/clock', { skewMs: 30_000 });
    expectError(await at(Date.now()), 400, -1021, 'Timestamp for this request is outside of the recvWindow.');
    await admin(running.exchange, 'PUT', '/clock', { skewMs: 0 });
  });

  test('-1022, -2014 and -2015 for signatures and keys', async () => {
    const query = `timestamp=${Date.now()}`;
    const send = (text: string, headers: Fields = {}): Promise<Reply> =>
      client.send('GET', `/api/v3/account?${text}`, '', headers);
    expectError(
      await send(`${query}&signature=AAAA`),
      400,
      -1022,
      'Signature for this request is not valid.',
    );
    expectError(
      await send(query),
      400,
      -1102,
      "Mandatory parameter 'signature' was not sent, was empty/null, or malformed.",
    );
    expectError(await send(query, { 'x-mbx-apikey': 'short' }), 401, -2014, 'API-key format invalid.');
    expectError(
      await send(query, { 'x-mbx-apikey': 'a'.repeat(64) }),
      401,
      -2015,
      'Invalid API-key, IP, or permissions for action.',
    );
  });

  test('-1101 for a parameter sent twice, -1120 and -1128 for candles and tickers', async () => {
    const send = (path: string): Promise<Reply> => client.send('GET', path, '');
    expectError(
      await send('/api/v3/depth?symbol=BTCUSDT&symbol=BTCUSDT'),
      400,
      -1101,
      'Duplicate values for a parameter detected.',
    );
    expectError(await send('/api/v3/klines?symbol=BTCUSDT&interval=7m'), 400, -1120, 'Invalid interval.');
    expectError(
      await send('/api/v3/ticker/price?symbol=BTCUSDT&symbols=[]'),
      400,
      -1128,
      'Combination of optional parameters invalid.',
    );
  });

  test('-2010 for a client order id in use, -1013 for too many orders', async () => {
    const order = limit('BUY', '0.01', '60000', { newClientOrderId: 'twin' });
    await client.signed('POST', '/api/v3/order', order);
    expectError(await client.signed('POST', '/api/v3/order', order), 400, -2010, 'Duplicate order sent.');
    await admin(running.exchange, 'PATCH', '/markets/BTCUSDT/rules', { maxOpenOrders: 1 });
    expectError(
      await client.signed('POST', '/api/v3/order', limit('BUY', '0.01', '60000')),
      400,
      -1013,
      'Filter failure: MAX_NUM_ORDERS',
    );
    await admin(running.exchange, 'PATCH', '/markets/BTCUSDT/rules', {
      maxOpenOrders: 200,
      maxOpenAlgoOrders: 0,
    });
    const stop = { symbol: 'BTCUSDT', side: 'SELL', type: 'STOP_LOSS', quantity: '0.1', stopPrice: '60000' };
    expectError(
      await client.signed('POST', '/api/v3/order', stop),
      400,
      -1013,
      'Filter failure: MAX_NUM_ALGO_ORDERS',
    );
    await admin(running.exchange, 'PATCH', '/markets/BTCUSDT/rules', { maxOpenAlgoOrders: 5 });
    await client.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
  });

  test('a halted market is closed, and open again when the halt ends', async () => {
    await admin(running.exchange, 'PUT', '/markets/BTCUSDT/status', { status: 'HALT' });
    expectError(
      await client.signed('POST', '/api/v3/order', market('BUY', '0.1')),
      400,
      -1013,
      'Market is closed.',
    );
    await admin(running.exchange, 'PUT', '/markets/BTCUSDT/status', { status: 'TRADING' });
    assert.equal((await client.signed('POST', '/api/v3/order', market('BUY', '0.1'))).status, 200);
  });

  test('-2021 with status 409 when only half of a cancel-replace works, -2022 when neither does', async () => {
    const placed = await client.signed('POST', '/api/v3/order', limit('BUY', '0.01', '60000'));
    const replace = (cancelOrderId: unknown, quantity: string): Promise<Reply> =>
      client.signed('POST', '/api/v3/order/cancelReplace', {
        ...limit('BUY', quantity, '60000'),
        cancelReplaceMode: 'ALLOW_FAILURE',
        cancelOrderId: Number(cancelOrderId),
      });
    const half = await replace(placed.at('orderId'), '100');
    expectError(half, 409, -2021, 'Order cancel-replace partially failed.');
    assert.equal(half.at('data', 'newOrderResponse', 'code'), -2010);
    expectError(await replace(placed.at('orderId'), '100'), 400, -2022, 'Order cancel-replace failed.');
  });

  test('-1007 and 5xx leave the outcome unknown: the order may be on the book', async () => {
    const unknown =
      'Timeout waiting for response from backend server. Send status unknown; execution status unknown.';
    const refusal = { code: -1007, message: unknown, status: 504 };
    await admin(running.exchange, 'POST', '/faults', {
      method: 'POST',
      fault: { kind: 'unknown-outcome', refusal },
    });
    const order = limit('BUY', '0.01', '60000', { newClientOrderId: 'maybe' });
    expectError(await client.signed('POST', '/api/v3/order', order), 504, -1007, unknown);
    assert.equal(
      (await admin(running.exchange, 'GET', '/orders?clientOrderId=maybe')).at(0, 'status'),
      'NEW',
    );
    const down = {
      code: -1000,
      message: 'An unknown error occurred while processing the request.',
      status: 500,
    };
    await admin(running.exchange, 'POST', '/faults', {
      method: 'POST',
      fault: { kind: 'refuse', refusal: down },
    });
    expectError(
      await client.signed('POST', '/api/v3/order', { ...order, newClientOrderId: 'never' }),
      500,
      -1000,
      down.message,
    );
    assert.equal((await admin(running.exchange, 'GET', '/orders?clientOrderId=never')).at('length'), 0);
  });
});

test('-1015 over the order limit, counted down by fills; 429 and then 418 over the weight limit', async (context) => {
  const limits = { weightPerMinute: 60, ordersPer10Seconds: 2, ordersPerDay: 200 };
  // A clock that stands, so that no window turns in between.
  const startedAt = Date.now();
  const running = await startExchange([STILL_MARKET], limits, () => startedAt);
  context.after(() => running.stop());
  const { client } = await openClient(running.exchange);
  context.after(() => client.close());
  const rest = limit('BUY', '0.01', '60000');
  assert.equal((await client.signed('POST', '/api/v3/order', rest, { timestamp: startedAt })).status, 200);
  assert.equal((await client.signed('POST', '/api/v3/order', rest, { timestamp: startedAt })).status, 200);
  const third = await client.signed('POST', '/api/v3/order', rest, { timestamp: startedAt });
  assert.deepEqual(
    [third.status, third.body],
    [429, { code: -1015, msg: 'Too many new orders; current limit is 2 orders per 10 SECOND.' }],
  );
  const statuses = new Set<number>();
  for (let index = 0; index < 20; index++) statuses.add((await client.get('/api/v3/exchangeInfo')).status);
  assert.deepEqual([...statuses], [200, 429, 418]);
});
