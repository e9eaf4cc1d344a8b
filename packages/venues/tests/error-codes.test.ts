import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { refusals, type Refusal } from '../src/paper/core/refusals.ts';
import { ERROR_CASES } from './_error-cases.ts';
import {
  STILL_MARKET,
  admin,
  limit,
  market,
  openClient,
  Reply,
  startExchange,
  type Client,
  type Fields,
  type Running,
} from './_client.ts';

/** Every error that a test here has met. */
const met = new Set<string>();

function expectError(reply: Reply, status: number, code: number, msg: string): void {
  assert.deepEqual([reply.status, reply.at('code'), reply.at('msg')], [status, code, msg]);
  met.add(`${code} ${msg}`);
}

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

  for (const [code, message, [method, path], fields] of ERROR_CASES) {
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

  for (const [code, status, message] of [
    [-1000, 500, 'An unknown error occurred while processing the request.'],
    [-1001, 500, 'Internal error; unable to process your request. Please try again.'],
    [-1006, 500, 'An unexpected response was received from the message bus. Execution status unknown.'],
    [
      -1007,
      504,
      'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
    ],
    [-1008, 503, 'Server is currently overloaded with other requests. Please try again in a few minutes.'],
    [-1016, 503, 'This service is no longer available.'],
  ] as const) {
    test(`${code}: the order may be on the book after an unknown outcome, and is not after a refusal`, async () => {
      const fail = async (kind: string, clientId: string): Promise<unknown> => {
        const fault = { kind, refusal: code };
        await admin(running.exchange, 'POST', '/faults', { method: 'POST', fault });
        const order = limit('BUY', '0.01', '60000', { newClientOrderId: clientId });
        expectError(await client.signed('POST', '/api/v3/order', order), status, code, message);
        return (await admin(running.exchange, 'GET', `/orders?clientOrderId=${clientId}`)).at('length');
      };
      assert.equal(await fail('unknown-outcome', `maybe${code}`), 1);
      assert.equal(await fail('refuse', `never${code}`), 0);
    });
  }

  test('a fault takes an error of the exchange by its code, and no other number', async () => {
    const wrong = await admin(running.exchange, 'POST', '/faults', {
      fault: { kind: 'refuse', refusal: -2010 },
    });
    assert.equal(wrong.status, 400);
    assert.match(String(wrong.at('message')), /-1000, -1001, -1006, -1007, -1008, -1016/);
  });

  test('the admin port takes amounts of at most eight places, and deposits nothing of any other', async () => {
    const { account } = await openClient(running.exchange);
    const path = `/accounts/${account}/deposits`;
    for (const amount of ['0.000000001', '-1', '1e3', '', 1]) {
      const wrong = await admin(running.exchange, 'POST', path, { asset: 'ETH', amount });
      assert.deepEqual([wrong.status, wrong.at('error')], [400, 'bad-body'], String(amount));
    }
    await admin(running.exchange, 'POST', path, { asset: 'ETH', amount: '0.00000001' });
    const accounts = (await admin(running.exchange, 'GET', '/accounts')).body as Fields[];
    const { balances } = accounts.find((one) => one['account'] === account) ?? {};
    assert.deepEqual((balances as unknown as Fields)['ETH'], { free: '0.00000001', locked: '0.00000000' });
  });

  test('-1002, -1020 and -1135 on the WebSocket API', async () => {
    const socket = new WebSocket(`${running.exchange.url.replace('https', 'wss')}/ws-api/v3`, {
      ca: running.exchange.authority,
    });
    await once(socket, 'open');
    const ask = async (text: string): Promise<Reply> => {
      const answered = once(socket, 'message');
      socket.send(text);
      const [data] = (await answered) as [Buffer];
      const { status, error } = JSON.parse(data.toString('utf8')) as { status: number; error: unknown };
      return new Reply(status, error);
    };
    expectError(
      await ask('{"id":1,"method":"userDataStream.subscribe"}'),
      401,
      -1002,
      'You are not authorized to execute this request.',
    );
    expectError(await ask('{"id":2,"method":"no.such"}'), 400, -1020, 'This operation is not supported.');
    expectError(await ask('nonsense'), 400, -1135, 'Invalid JSON Request');
    socket.terminate();
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
  expectError(third, 429, -1015, 'Too many new orders; current limit is 2 orders per 10 SECOND.');
  const replies: Reply[] = [];
  for (let index = 0; index < 20; index++) replies.push(await client.get('/api/v3/exchangeInfo'));
  assert.deepEqual([...new Set(replies.map(({ status }) => status))], [200, 429, 418]);
  const weight = 'Please use WebSocket Streams for live updates to avoid';
  expectError(
    replies.find(({ status }) => status === 429) ?? third,
    429,
    -1003,
    `Too much request weight used; current limit is 60 request weight per 1 MINUTE. ${weight} polling the API.`,
  );
  const banned = replies.at(-1) ?? third;
  const until = /until (\d+)/.exec(String(banned.at('msg')))?.[1] ?? '';
  assert(Number(until) > startedAt);
  expectError(
    banned,
    418,
    -1003,
    `Way too much request weight used; IP banned until ${until}. ${weight} bans.`,
  );
});

test('no error that the exchange can answer is left out here', () => {
  const leftOut = Object.entries(refusals).filter(([, entry]) => {
    // The texts take names and numbers; a star stands for either.
    const make = entry as Refusal | ((...names: readonly string[]) => Refusal);
    const { code, message } = typeof make === 'function' ? make('*', '*') : make;
    const parts = `${code} ${message}`.split('*');
    return ![...met].some(
      (text) => text.startsWith(parts[0] ?? '') && parts.every((part) => text.includes(part)),
    );
  });
  assert.deepEqual(leftOut, []);
});
