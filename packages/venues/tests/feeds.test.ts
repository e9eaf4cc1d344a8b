import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import ccxt from 'ccxt';
import { apply } from '../src/paper/core/exchange.ts';
import { SCENARIOS } from '../src/paper/core/scenario.ts';
import { ExchangeState } from '../src/paper/core/state.ts';
import { DEFAULT_MARKET } from '../src/paper/default-market.ts';
import { playCandles } from '../src/paper/feeds/candle-feed.ts';
import { playLive } from '../src/paper/feeds/live-feed.ts';
import { admin, limit, market, openClient, startExchange } from './_client.ts';
import { checkInvariants } from './_invariants.ts';

test('recorded candles fill resting orders only when the price goes through them, and takers pay the spread', async (context) => {
  const running = await startExchange();
  context.after(() => running.stop());
  const folder = mkdtempSync(join(tmpdir(), 'candles-'));
  context.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'candles.csv');
  const { client } = await openClient(running.exchange);
  context.after(() => client.close());
  const { client: second } = await openClient(running.exchange);
  context.after(() => second.close());
  const { venue } = running.exchange;
  const play = (...rows: string[]): Promise<number> => {
    writeFileSync(path, rows.join('\n'));
    return playCandles(venue, { symbol: 'BTCUSDT', path, everyMs: 0, signal: new AbortController().signal });
  };
  await play('1750000000000,62000,62010,61990,62005,1000');
  const touched = await client.signed('POST', '/api/v3/order', limit('BUY', '0.5', '61900'));
  const crossed = await client.signed('POST', '/api/v3/order', limit('BUY', '0.5', '61900.01'));
  // The low only touches 61900: what rests at it stays, what rests a tick above is gone through.
  await play('1750000060000,61990,61995,61900,61980,1000');
  const status = async (orderId: unknown, owner = client): Promise<unknown[]> => {
    const order = await owner.signed('GET', '/api/v3/order', {
      symbol: 'BTCUSDT',
      orderId: Number(orderId),
    });
    return [order.at('status'), order.at('cummulativeQuoteQty')];
  };
  assert.deepEqual(await status(touched.at('orderId')), ['NEW', '0.00000000']);
  assert.deepEqual(await status(crossed.at('orderId')), ['FILLED', '30950.00500000']);
  await client.signed('DELETE', '/api/v3/openOrders', { symbol: 'BTCUSDT' });
  const stop = await second.signed('POST', '/api/v3/order', {
    symbol: 'BTCUSDT',
    side: 'SELL',
    type: 'STOP_LOSS',
    quantity: '0.1',
    stopPrice: '61950',
  });
  await play('1750000120000,61980,61985,61940,61980,1000');
  // Sold at the price that fired it, less 150 ppm, rounded to a tick in the market's favour.
  assert.deepEqual(await status(stop.at('orderId'), second), ['FILLED', '6193.07000000']);
  const taken = await client.signed('POST', '/api/v3/order', market('BUY', '0.1'));
  // 61980 and 150 ppm of it, rounded up to a tick.
  assert.equal(taken.at('fills', 0, 'price'), '61989.30000000');
  assert.deepEqual((await admin(running.exchange, 'GET', '/totals')).body, {
    USDT: '0.00000000',
    BTC: '0.00000000',
  });
  checkInvariants(venue.state);
});

test('a live feed follows the last price of another venue through unmodified ccxt', async (context) => {
  const source = await startExchange([DEFAULT_MARKET]);
  const running = await startExchange();
  context.after(() => source.stop());
  context.after(() => running.stop());
  const { client } = await openClient(source.exchange);
  context.after(() => client.close());
  await client.signed('POST', '/api/v3/order', market('BUY', '0.01'));
  const last = String((await client.get('/api/v3/ticker/price', { symbol: 'BTCUSDT' })).at('price'));
  // The paper exchange in the place of the real one; its certificate is not this process's business here.
  const venueBeyond = new ccxt.binance({ options: { fetchMarkets: { types: ['spot'] } } });
  venueBeyond.fetch = async (url: string) => {
    const { pathname, search } = new URL(url);
    return (await client.send('GET', pathname + search, '')).body;
  };
  const stop = new AbortController();
  const playing = playLive(running.exchange.venue, venueBeyond, {
    symbol: 'BTCUSDT',
    unifiedSymbol: 'BTC/USDT',
    everyMs: 50,
    signal: stop.signal,
  });
  const { state } = running.exchange.venue;
  while (state.market('BTCUSDT').tape.trades.length === 0)
    await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort();
  await playing;
  assert.equal(state.market('BTCUSDT').lastTicks, Math.round(Number(last) * 100));
});

for (const scenario of SCENARIOS) {
  test(`a market told to ${scenario} does, and nothing is lost`, () => {
    const state = new ExchangeState();
    apply(state, { kind: 'open-market', at: 1, spec: DEFAULT_MARKET, seed: 5 });
    apply(state, { kind: 'start-scenario', at: 1, symbol: 'BTCUSDT', scenario });
    const prices = [62_000];
    const statuses = new Set<string>();
    for (let step = 0; step < 400; step++) {
      apply(state, { kind: 'flow-step', at: 2 + step * 250, symbol: 'BTCUSDT' });
      const now = state.market('BTCUSDT');
      statuses.add(now.status);
      prices.push(now.lastTicks / 100);
    }
    checkInvariants(state);
    const low = Math.min(...prices);
    const high = Math.max(...prices);
    const end = prices.at(-1) ?? 0;
    const expected: Record<typeof scenario, boolean> = {
      calm: low > 60_000 && high < 64_000,
      range: low > 61_500 && high < 62_500,
      trend: end > 62_050,
      crash: low < 62_000 * 0.975,
      pump: high > 62_000 * 1.025 && end < high * 0.97,
      gap: low < 62_000 * 0.96,
      halt: statuses.has('HALT') && statuses.has('TRADING'),
    };
    assert(expected[scenario], JSON.stringify({ low, high, end, statuses: [...statuses] }));
  });
}
