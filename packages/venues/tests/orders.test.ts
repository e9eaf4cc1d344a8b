import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  admin,
  limit,
  market,
  openClient,
  startExchange,
  type Client,
  type KeyKind,
  type Reply,
  type Running,
} from './_client.ts';

describe('orders over REST', () => {
  let running: Running;
  let maker: Client;
  let taker: Client;

  before(async () => {
    running = await startExchange();
    maker = (await openClient(running.exchange)).client;
    taker = (await openClient(running.exchange)).client;
  });
  after(async () => {
    maker.close();
    taker.close();
    await running.stop();
  });

  const free = async (client: Client, asset: string): Promise<unknown> => {
    const balances = (await client.signed('GET', '/api/v3/account')).at('balances');
    assert(Array.isArray(balances));
    return (balances as { asset: string; free: string }[]).find((balance) => balance.asset === asset)?.free;
  };

  test('a limit order rests, a market order takes it at its price, and both pay their fees', async () => {
    const rested = await maker.signed(
      'POST',
      '/api/v3/order',
      limit('SELL', '0.5', '62000', { newClientOrderId: 'one' }),
    );
    assert.equal(rested.status, 200);
    assert.equal(rested.at('status'), 'NEW');
    const taken = await taker.signed('POST', '/api/v3/order', market('BUY', '0.2'));
    assert.equal(taken.at('status'), 'FILLED');
    assert.equal(taken.at('cummulativeQuoteQty'), '12400.00000000');
    assert.equal(taken.at('fills', 0, 'commission'), '0.00020000');
    assert.equal(await free(taker, 'USDT'), '87600.00000000');
    assert.equal(await free(taker, 'BTC'), '10.19980000');
    assert.equal(await free(maker, 'USDT'), '112387.60000000');
    const order = await maker.signed('GET', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: 'one' });
    assert.equal(order.at('status'), 'PARTIALLY_FILLED');
    assert.equal(order.at('executedQty'), '0.20000000');
    const canceled = await maker.signed('DELETE', '/api/v3/order', {
      symbol: 'BTCUSDT',
      origClientOrderId: 'one',
    });
    assert.equal(canceled.at('status'), 'CANCELED');
    assert.equal(await free(maker, 'BTC'), '9.80000000');
    assert.equal((await maker.signed('GET', '/api/v3/openOrders')).at('length'), 0);
    assert.equal(
      (await taker.signed('GET', '/api/v3/myTrades', { symbol: 'BTCUSDT' })).at(0, 'isMaker'),
      false,
    );
  });

  test('a client order id is refused while an order with it is open, and free again afterwards', async () => {
    const order = limit('BUY', '0.01', '60000', { newClientOrderId: 'same' });
    assert.equal((await maker.signed('POST', '/api/v3/order', order)).status, 200);
    const second = await maker.signed('POST', '/api/v3/order', order);
    assert.deepEqual([second.status, second.body], [400, { code: -2010, msg: 'Duplicate order sent.' }]);
    await maker.signed('DELETE', '/api/v3/order', { symbol: 'BTCUSDT', origClientOrderId: 'same' });
    assert.equal((await maker.signed('POST', '/api/v3/order', order)).status, 200);
    await maker.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
  });

  for (const kind of ['ed25519', 'rsa', 'hmac'] satisfies KeyKind[]) {
    test(`a request signed with ${kind} is accepted, and refused when one byte of it changes`, async () => {
      const { client, signer } = await openClient(running.exchange, {}, kind);
      assert.equal((await client.signed('GET', '/api/v3/account')).status, 200);
      const payload = `symbol=BTCUSDT&timestamp=${Date.now()}`;
      const signature = encodeURIComponent(signer(payload));
      const forged = await client.send('GET', `/api/v3/openOrders?${payload}0&signature=${signature}`, '');
      assert.deepEqual(forged.body, { code: -1022, msg: 'Signature for this request is not valid.' });
      client.close();
    });
  }

  test('an order whose answer was lost is on the book and found by its client id', async () => {
    await admin(running.exchange, 'POST', '/faults', { method: 'POST', fault: { kind: 'lost-answer' } });
    const order = limit('BUY', '0.01', '60000', { newClientOrderId: 'lost-1' });
    await assert.rejects(maker.signed('POST', '/api/v3/order', order));
    const found = await admin(running.exchange, 'GET', '/orders?clientOrderId=lost-1');
    assert.equal(found.at('length'), 1);
    assert.equal(found.at(0, 'status'), 'NEW');
    const resting = '/orders?clientOrderId=lost-1&open=true';
    assert.equal((await admin(running.exchange, 'GET', resting)).at('length'), 1);
    await maker.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
    assert.equal((await admin(running.exchange, 'GET', resting)).at('length'), 0);
  });

  test('steps become coarser: what rests stays and trades, and what is placed off them is refused', async () => {
    const steps = (tickSize: string, stepSize: string): Promise<Reply> =>
      admin(running.exchange, 'PATCH', '/markets/BTCUSDT/rules', { tickSize, stepSize });
    const old = limit('SELL', '0.00123', '62000.07', { newClientOrderId: 'old-steps' });
    assert.equal((await maker.signed('POST', '/api/v3/order', old)).status, 200);
    assert.equal((await steps('0.1', '0.0001')).status, 200);
    const filters = (await maker.get('/api/v3/exchangeInfo')).at('symbols', 0, 'filters');
    assert.match(JSON.stringify(filters), /"tickSize":"0.10000000".*"stepSize":"0.00010000"/);
    const place = (quantity: string, price: string): Promise<Reply> =>
      maker.signed('POST', '/api/v3/order', limit('SELL', quantity, price));
    assert.equal((await place('0.0012', '62000.07')).at('msg'), 'Filter failure: PRICE_FILTER');
    assert.equal((await place('0.00123', '62000.1')).at('msg'), 'Filter failure: LOT_SIZE');
    assert.equal((await place('0.0012', '62000.1')).at('status'), 'NEW');
    const taken = await taker.signed('POST', '/api/v3/order', market('BUY', '0.0013'));
    assert.equal(taken.at('fills', 0, 'price'), '62000.07000000');
    assert.equal((await steps('0.015', '0.0001')).at('error'), 'step-too-fine');
    assert.equal((await steps('0.001', '0.0001')).at('error'), 'step-too-fine');
    assert.equal((await steps('0.01', '0.00001')).status, 200);
    await maker.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
  });

  test('a key restricted to another address or without trading is refused', async () => {
    const { client, apiKey } = await openClient(running.exchange);
    await admin(running.exchange, 'PATCH', `/keys/${apiKey}`, { permissions: { spotTrading: false } });
    const refused = { code: -2015, msg: 'Invalid API-key, IP, or permissions for action.' };
    assert.deepEqual((await client.signed('POST', '/api/v3/order', market('BUY', '1'))).body, refused);
    assert.equal(
      (await client.signed('GET', '/sapi/v1/account/apiRestrictions')).at('enableSpotAndMarginTrading'),
      false,
    );
    await admin(running.exchange, 'PATCH', `/keys/${apiKey}`, { allowedIps: ['192.0.2.1'] });
    assert.deepEqual((await client.signed('GET', '/api/v3/account')).body, refused);
    client.close();
  });

  test('the sum of every asset over all accounts is zero', async () => {
    assert.deepEqual((await admin(running.exchange, 'GET', '/totals')).body, {
      USDT: '0.00000000',
      BTC: '0.00000000',
    });
  });
});
