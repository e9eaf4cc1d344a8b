import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { apply } from '../src/paper/core/exchange.ts';
import { SCENARIOS } from '../src/paper/core/scenario.ts';
import { ExchangeState } from '../src/paper/core/state.ts';
import { DEFAULT_MARKET } from '../src/paper/default-market.ts';
import { followLive, isReachable } from '../src/paper/feeds/live.ts';
import { play, type FeedStatus } from '../src/paper/feeds/play.ts';
import { recordedEvents } from '../src/paper/feeds/recording.ts';
import type { Venue } from '../src/paper/venue.ts';
import { admin, limit, market, openClient, startExchange } from './_client.ts';
import { checkInvariants } from './_invariants.ts';

const SYMBOL = 'BTCUSDT';

/** A folder of its own, and how to play files of these lines into the market as fast as it goes. */
function recorder(context: TestContext): (venue: Venue, ...lines: string[]) => Promise<FeedStatus> {
  const folder = mkdtempSync(join(tmpdir(), 'recording-'));
  context.after(() => rmSync(folder, { recursive: true }));
  return (venue, ...lines) => {
    const path = join(folder, 'recording');
    writeFileSync(path, lines.join('\n'));
    const signal = new AbortController().signal;
    return play(venue, {
      symbol: SYMBOL,
      events: recordedEvents([path]),
      speed: Number.POSITIVE_INFINITY,
      signal,
    });
  };
}

function reopen(venue: Venue): void {
  venue.run('set-market-status', { symbol: SYMBOL, status: 'TRADING' });
}

test('recorded candles fill resting orders only when the price goes through them, and takers pay the spread', async (context) => {
  const running = await startExchange();
  context.after(() => running.stop());
  const record = recorder(context);
  const { client } = await openClient(running.exchange);
  context.after(() => client.close());
  const { client: second } = await openClient(running.exchange);
  context.after(() => second.close());
  const { venue } = running.exchange;
  const playCandles = async (...rows: string[]): Promise<void> => {
    assert.equal((await record(venue, ...rows)).state, 'ended');
    reopen(venue);
  };
  await playCandles('1750000000000,62000,62010,61990,62005,1000');
  const touched = await client.signed('POST', '/api/v3/order', limit('BUY', '0.5', '61900'));
  const crossed = await client.signed('POST', '/api/v3/order', limit('BUY', '0.5', '61900.01'));
  // The low only touches 61900: what rests at it stays, what rests a tick above is gone through.
  await playCandles('1750000060000,61990,61995,61900,61980,1000');
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
  await playCandles('1750000120000,61980,61985,61940,61980,1000');
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

/** A recorded line: seconds after the beginning, and the frame. */
function frame(seconds: number, stream: string, data: object): string {
  const nanoseconds = 1_750_000_000_000_000_000n + BigInt(seconds * 1_000) * 1_000_000n;
  return `${nanoseconds} ${JSON.stringify({ stream: `btcusdt@${stream}`, data })}`;
}

function ticker(seconds: number, updateId: number, bid: string, ask: string): string {
  const quotes = { b: `${bid}000000`, B: '0.50000000', a: `${ask}000000`, A: '0.40000000' };
  return frame(seconds, 'bookTicker', { u: updateId, s: SYMBOL, ...quotes });
}

function trade(seconds: number, id: number, price: string, quantity: string): string {
  const at = 1_750_000_000_000 + seconds * 1_000;
  const rest = { T: at, m: true, M: true };
  return frame(seconds, 'trade', { e: 'trade', E: at, s: SYMBOL, t: id, p: price, q: quantity, ...rest });
}

test('recorded frames are the book that takers meet, and what a trade goes through is filled', async (context) => {
  const running = await startExchange();
  context.after(() => running.stop());
  const record = recorder(context);
  const { venue } = running.exchange;
  const { client } = await openClient(running.exchange);
  context.after(() => client.close());
  const book =
    '{"lastUpdateId":10,"bids":[["61999.00000000","2.00000000"]],"asks":[["62003.00000000","3.00000000"]]}';
  await record(
    venue,
    `1750000000000000000 ${book}`,
    ticker(1, 12, '62000.00', '62001.00'),
    trade(2, 1, '62000.00000000', '0.25000000'),
  );
  const depth = await client.get('/api/v3/depth', { symbol: SYMBOL });
  assert.deepEqual(depth.at('bids'), [
    ['62000.00000000', '0.50000000'],
    ['61999.00000000', '2.00000000'],
  ]);
  reopen(venue);
  const taken = await client.signed('POST', '/api/v3/order', market('BUY', '0.5'));
  assert.deepEqual(
    [taken.at('fills', 0, 'price'), taken.at('fills', 0, 'qty'), taken.at('fills', 1, 'price')],
    ['62001.00000000', '0.40000000', '62003.00000000'],
  );
  const resting = await client.signed('POST', '/api/v3/order', limit('BUY', '0.5', '61950'));
  const at = (): Promise<unknown> =>
    client
      .signed('GET', '/api/v3/order', { symbol: SYMBOL, orderId: Number(resting.at('orderId')) })
      .then((order) => order.at('executedQty'));
  await record(venue, trade(3, 2, '61950.00000000', '9.00000000'));
  assert.equal(await at(), '0.00000000', 'a trade at its price leaves it alone: others were before it');
  reopen(venue);
  await record(venue, trade(4, 3, '61949.99000000', '0.20000000'));
  assert.equal(await at(), '0.20000000', 'a trade beyond its price would have met it first, up to its size');
  reopen(venue);
  await record(venue, ticker(5, 20, '61940.00', '61945.00'));
  assert.equal(await at(), '0.50000000', 'an offer below its price takes it');
  assert.deepEqual((await admin(running.exchange, 'GET', '/totals')).body, {
    USDT: '0.00000000',
    BTC: '0.00000000',
  });
  checkInvariants(venue.state);
});

test('at its end a recording closes the market and says so, and is never played again', async (context) => {
  const running = await startExchange();
  context.after(() => running.stop());
  const { venue } = running.exchange;
  const record = recorder(context);
  const rows = ['1750000000000,62000,62010,61990,62005,1000', '1750000060000,62005,62020,62000,62011,1000'];
  const ended = await record(venue, ...rows);
  assert.equal(
    ended.sentence,
    'The recording of BTCUSDT ends at 2025-06-15T15:08:39.999Z, so its market is closed.',
  );
  const feeds = await admin(running.exchange, 'GET', '/feeds');
  assert.deepEqual([feeds.at(0, 'state'), feeds.at(0, 'recordedAt')], ['ended', 1_750_000_119_999]);
  const { client } = await openClient(running.exchange);
  context.after(() => client.close());
  const info = await client.get('/api/v3/exchangeInfo', { symbol: SYMBOL });
  assert.deepEqual(
    [info.at('symbols', 0, 'status'), info.at('symbols', 0, 'simulated')],
    ['BREAK', 'recorded'],
  );
  const refused = await client.signed('POST', '/api/v3/order', limit('BUY', '0.1', '61950'));
  assert.deepEqual(refused.body, { code: -1013, msg: 'Market is closed.' });
  const trades = venue.state.market(SYMBOL).tape.nextTradeId;
  reopen(venue);
  await record(venue, ...rows);
  assert.equal(venue.state.market(SYMBOL).tape.nextTradeId, trades, 'a second play finds nothing new');
  reopen(venue);
  const failed = await record(venue, '1750000120000,62000,62010,61990,62005,1000', 'not a candle');
  assert.equal(failed.state, 'failed');
  assert.match(failed.sentence, /cannot be read on, so its market is closed: .*line 2 is not a candle/);
  assert.equal(venue.state.market(SYMBOL).status, 'BREAK');
});

test('a live market follows the public trades of another venue, and is closed while they are missing', async (context) => {
  const source = await startExchange();
  context.after(() => source.stop().catch(() => {}));
  const running = await startExchange([{ ...DEFAULT_MARKET, source: 'live' }]);
  context.after(() => running.stop());
  const { client } = await openClient(source.exchange);
  const { client: second } = await openClient(source.exchange);
  context.after(() => [client, second].forEach((each) => each.close()));
  const { venue } = running.exchange;
  const beyond = { url: source.exchange.url.replace('https', 'wss'), ca: source.exchange.authority };
  assert.equal(await isReachable(beyond), true);
  const stop = followLive(venue, beyond);
  context.after(stop);
  const own = venue.state.market(SYMBOL);
  assert.equal(own.status, 'BREAK', 'closed until the stream stands');
  await second.signed('POST', '/api/v3/order', limit('SELL', '9', '61234.56'));
  // Nothing tells when the subscription stands: a trade that arrives does.
  while (own.tape.nextTradeId === 1) {
    await client.signed('POST', '/api/v3/order', market('BUY', '0.001'));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.deepEqual([own.lastTicks, own.status], [6_123_456, 'TRADING']);
  assert.equal(venue.feeds.get(SYMBOL)?.().state, 'playing');
  await source.stop();
  while (own.status !== 'BREAK') await new Promise((resolve) => setTimeout(resolve, 10));
  assert.match(venue.feeds.get(SYMBOL)?.().sentence ?? '', /its market is closed until it is/);
  assert.equal(await isReachable(beyond), false);
  checkInvariants(venue.state);
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
