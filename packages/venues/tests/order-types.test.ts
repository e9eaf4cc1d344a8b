import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { DEFAULT_MARKET } from '../src/paper/default-market.ts';
import {
  admin,
  limit,
  market,
  openClient,
  startExchange,
  type Client,
  type Fields,
  type Running,
} from './_client.ts';
import { checkInvariants } from './_invariants.ts';

const sell = (fields: Fields): Fields => ({ symbol: 'BTCUSDT', side: 'SELL', quantity: '0.1', ...fields });

describe('order types', () => {
  let running: Running;
  let client: Client;
  let apiKey: string;
  let other: Client;

  beforeEach(async () => {
    running = await startExchange();
    ({ client, apiKey } = await openClient(running.exchange));
    ({ client: other } = await openClient(running.exchange));
  });
  afterEach(async () => {
    client.close();
    other.close();
    await running.stop();
  });

  const place = async (who: Client, fields: Fields): Promise<number> => {
    const reply = await who.signed('POST', '/api/v3/order', fields);
    assert.equal(reply.status, 200, JSON.stringify(reply.body));
    return Number(reply.at('orderId'));
  };
  const look = async (who: Client, orderId: number): Promise<unknown[]> => {
    const order = await who.signed('GET', '/api/v3/order', { symbol: 'BTCUSDT', orderId });
    return [order.at('status'), order.at('executedQty'), order.at('cummulativeQuoteQty')];
  };
  /** Makes the other trader trade with itself at a price, so that the market was there. */
  const tradeAt = async (price: string): Promise<void> => {
    const free = { selfTradePreventionMode: 'NONE' };
    await place(other, limit('SELL', '0.001', price, free));
    await place(other, limit('BUY', '0.001', price, free));
  };

  test('a trailing stop follows the market up and sells when it falls back by its distance', async () => {
    const id = await place(client, sell({ type: 'STOP_LOSS', trailingDelta: 100 }));
    await tradeAt('62500');
    await place(other, limit('BUY', '1', '61875'));
    await tradeAt('61875.01');
    assert.deepEqual(await look(client, id), ['NEW', '0.00000000', '0.00000000']);
    await place(other, limit('SELL', '0.001', '61875', { selfTradePreventionMode: 'NONE' }));
    // One percent below 62,500 is 61,875.
    assert.deepEqual(await look(client, id), ['FILLED', '0.10000000', '6187.50000000']);
  });

  test('orders cut short on request get half of the first offer; what can wait waits, the rest ends', async () => {
    await place(other, limit('SELL', '1', '62000'));
    await admin(running.exchange, 'POST', '/partial-fills', { times: 2 });
    const taken = await place(client, market('BUY', '0.3'));
    assert.deepEqual(await look(client, taken), ['EXPIRED', '0.15000000', '9300.00000000']);
    const whole = await place(client, limit('BUY', '0.3', '62000', { timeInForce: 'FOK' }));
    assert.deepEqual(await look(client, whole), ['FILLED', '0.30000000', '18600.00000000']);
    const next = await place(client, market('BUY', '0.1'));
    assert.deepEqual(await look(client, next), ['FILLED', '0.10000000', '6200.00000000']);

    const alive = await startExchange([DEFAULT_MARKET]);
    const { client: third } = await openClient(alive.exchange);
    await admin(alive.exchange, 'POST', '/partial-fills');
    const waits = await place(third, limit('BUY', '0.001', '62500'));
    assert.deepEqual((await look(third, waits)).slice(0, 2), ['PARTIALLY_FILLED', '0.00050000']);
    checkInvariants(alive.exchange.venue.state);
    third.close();
    await alive.stop();
  });

  test('a stop-limit order rests at its limit after it fired', async () => {
    const id = await place(
      client,
      sell({ type: 'STOP_LOSS_LIMIT', stopPrice: '61900', price: '61950', timeInForce: 'GTC' }),
    );
    await tradeAt('61900');
    const order = await client.signed('GET', '/api/v3/order', { symbol: 'BTCUSDT', orderId: id });
    assert.deepEqual([order.at('status'), order.at('isWorking')], ['NEW', true]);
    await place(other, limit('BUY', '0.1', '61950'));
    assert.deepEqual(await look(client, id), ['FILLED', '0.10000000', '6195.00000000']);
  });

  test('fill-or-kill takes all or nothing, immediate-or-cancel what there is', async () => {
    await place(other, limit('SELL', '0.5', '62000'));
    const kill = await place(client, limit('BUY', '0.6', '62000', { timeInForce: 'FOK' }));
    assert.deepEqual(await look(client, kill), ['EXPIRED', '0.00000000', '0.00000000']);
    const some = await place(client, limit('BUY', '0.6', '62000', { timeInForce: 'IOC' }));
    assert.deepEqual(await look(client, some), ['EXPIRED', '0.50000000', '31000.00000000']);
  });

  test('a market order by quote amount spends as much of it as whole lots allow', async () => {
    await place(other, limit('SELL', '1', '62000'));
    const id = await place(client, { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quoteOrderQty: '1000' });
    assert.deepEqual(await look(client, id), ['FILLED', '0.01612000', '999.44000000']);
  });

  test('an account cannot trade with itself unless it says so', async () => {
    const maker = await place(client, limit('SELL', '0.1', '62000'));
    const taker = await place(
      client,
      limit('BUY', '0.1', '62000', { selfTradePreventionMode: 'EXPIRE_TAKER' }),
    );
    assert.equal((await look(client, taker))[0], 'EXPIRED_IN_MATCH');
    const both = await place(
      client,
      limit('BUY', '0.1', '62000', { selfTradePreventionMode: 'EXPIRE_BOTH' }),
    );
    assert.deepEqual(
      [(await look(client, both))[0], (await look(client, maker))[0]],
      ['EXPIRED_IN_MATCH', 'EXPIRED_IN_MATCH'],
    );
    const allowed = await place(client, limit('SELL', '0.1', '62000'));
    await place(client, limit('BUY', '0.1', '62000', { selfTradePreventionMode: 'NONE' }));
    assert.equal((await look(client, allowed))[0], 'FILLED');
  });

  test('orders at one price are filled in the order in which they came, whoever sent them', async () => {
    const first = await place(client, limit('SELL', '0.1', '62000'));
    const second = await place(other, limit('SELL', '0.1', '62000'));
    const { client: buyer } = await openClient(running.exchange);
    await place(buyer, market('BUY', '0.15'));
    assert.equal((await look(client, first))[0], 'FILLED');
    assert.deepEqual(await look(other, second), ['PARTIALLY_FILLED', '0.05000000', '3100.00000000']);
    buyer.close();
  });

  test('of a list only one order trades: the stop that fires takes the take-profit off and uses its lock', async () => {
    const list = await client.signed('POST', '/api/v3/orderList/oco', {
      ...sell({ quantity: '10' }),
      aboveType: 'LIMIT_MAKER',
      abovePrice: '63000',
      belowType: 'STOP_LOSS',
      belowStopPrice: '61900',
    });
    const [profit, stop] = [Number(list.at('orders', 0, 'orderId')), Number(list.at('orders', 1, 'orderId'))];
    await place(other, limit('BUY', '1', '61900'));
    await place(other, limit('SELL', '0.001', '61900', { selfTradePreventionMode: 'NONE' }));
    assert.equal((await look(client, profit ?? 0))[0], 'EXPIRED');
    assert.deepEqual(await look(client, stop ?? 0), ['EXPIRED', '0.99900000', '61838.10000000']);
    const after = await client.signed('GET', '/api/v3/orderList', {
      orderListId: Number(list.at('orderListId')),
    });
    assert.equal(after.at('listOrderStatus'), 'ALL_DONE');
    const account = await client.signed('GET', '/api/v3/account');
    assert.deepEqual(account.at('balances', 1), { asset: 'BTC', free: '9.00100000', locked: '0.00000000' });
  });

  test('a revoked key is refused at once, its resting orders stay', async () => {
    const id = await place(client, limit('BUY', '0.1', '61000'));
    await admin(running.exchange, 'PATCH', `/keys/${apiKey}`, { isRevoked: true });
    const reply = await client.signed('GET', '/api/v3/account');
    assert.deepEqual([reply.status, reply.at('code')], [401, -2015]);
    const orders = await admin(running.exchange, 'GET', '/orders');
    assert.deepEqual([orders.at(0, 'orderId'), orders.at(0, 'status')], [id, 'NEW']);
  });
});
