import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  readBookTicker,
  readDepthSnapshot,
  readDepthUpdate,
  readTrade,
  type BookTicker,
  type DepthRow,
  type DepthUpdate,
} from '../src/public/binance-frames.ts';
import { DepthBook } from '../src/public/depth-book.ts';
import { play } from '../src/paper/feeds/play.ts';
import { recordedEvents } from '../src/paper/feeds/recording.ts';
import { startExchange } from './_client.ts';
import { checkInvariants } from './_invariants.ts';
import { SNAPSHOT_LEVELS, compareWholeBook, units } from './_plain-book.ts';
import { HAS_DATA, MARKET_DATA, rawEvents } from './_raw-frames.ts';

const skip = HAS_DATA ? false : 'data folder absent';

/**
 * Replays recordings into a book. The exchange's own best prices after update N are in the last book ticker up
 * to N; the book must show exactly those. `spoil` may change an update to prove that the comparison notices.
 */
async function replay(
  files: readonly string[],
  spoil: (updates: number) => boolean = () => false,
): Promise<number> {
  const book = new DepthBook();
  let latest: BookTicker | null = null;
  let pending: { updateId: number; bid: DepthRow | undefined; ask: DepthRow | undefined } | null = null;
  let checked = 0;
  let updates = 0;
  for (const file of files) {
    for await (const event of rawEvents(file)) {
      const snapshot = event.startsWith('{"lastUpdateId"') ? readDepthSnapshot(event) : null;
      if (snapshot !== null) book.load(snapshot, SNAPSHOT_LEVELS);
      const update = readDepthUpdate(event);
      if (update !== null) {
        updates += 1;
        if (spoil(updates)) continue;
        const applied = book.apply(update);
        assert(applied !== 'gap', `no update is missing before ${update.firstUpdateId}`);
        if (applied === 'applied') {
          pending = { updateId: book.lastUpdateId, bid: book.bestBid(), ask: book.bestAsk() };
        }
      }
      const ticker = readBookTicker(event);
      if (ticker === null) continue;
      if (pending !== null && ticker.updateId > pending.updateId && latest !== null) {
        // Past the snapshot's last level the book knows that it does not know.
        if (latest.updateId <= pending.updateId && pending.bid !== undefined && pending.ask !== undefined) {
          assert.deepEqual(
            pending.bid,
            [latest.bidUnits, latest.bidQuantityUnits],
            `bid at ${pending.updateId}`,
          );
          assert.deepEqual(
            pending.ask,
            [latest.askUnits, latest.askQuantityUnits],
            `ask at ${pending.updateId}`,
          );
          checked += 1;
        }
        pending = null;
      }
      latest = ticker;
    }
  }
  return checked;
}

test(
  "the book kept from recorded frames shows the exchange's own best prices at every checked update",
  { skip },
  async () => {
    const checked = await replay(['spot_btcusdt_20240808.gz', 'spot_btcusdt_20240809.gz']);
    assert(checked > 3_000, `${checked} updates were checked`);
  },
);

test(
  'after every recorded update each level of the book is the one that the exchange told of',
  { skip },
  async () => {
    const { updates, levels } = await compareWholeBook(['spot_btcusdt_20240808.gz']);
    assert(updates > 3_400 && levels > 1_000_000, `${updates} updates, ${levels} levels`);
  },
);

test('a level behind the best one that is wrong by a unit is noticed', { skip }, async () => {
  const spoil = (update: DepthUpdate, updates: number): DepthUpdate => {
    const [price, quantity] = update.bids[1] ?? [0n, 0n];
    return updates === 500 ? { ...update, bids: [...update.bids, [price, quantity + 1n]] } : update;
  };
  await assert.rejects(compareWholeBook(['spot_btcusdt_20240808.gz'], spoil), /bids at/);
});

test('updates before a snapshot wait for it, those it contains are dropped, and one that does not follow is a gap', () => {
  const book = new DepthBook();
  const update = (firstUpdateId: number, lastUpdateId: number, price: bigint): DepthUpdate => {
    return { firstUpdateId, lastUpdateId, bids: [[price, 1n]], asks: [] };
  };
  assert.equal(book.apply(update(5, 8, 1n)), 'early');
  assert.equal(book.apply(update(9, 12, 2n)), 'early');
  book.load({ lastUpdateId: 10, bids: [], asks: [] }, SNAPSHOT_LEVELS);
  // The first update was in the snapshot; the second reaches across it and so follows it.
  assert.deepEqual(book.bids(9), [[2n, 1n]]);
  assert.equal(book.apply(update(11, 12, 3n)), 'old');
  assert.equal(book.apply(update(13, 13, 4n)), 'applied');
  assert.equal(book.apply(update(15, 16, 5n)), 'gap');
  assert.equal(
    book.apply(update(17, 18, 6n)),
    'early',
    'after a gap there is no book until the next snapshot',
  );
});

test('a book that misses one update says so', { skip }, async () => {
  await assert.rejects(
    replay(['spot_btcusdt_20240808.gz'], (updates) => updates === 1_000),
    /no update is missing/,
  );
});

test('hand-scanned events equal the parsed ones in every recorded frame', { skip }, async () => {
  let events = 0;
  for await (const event of rawEvents('spot_ethusdt_20240809.gz')) {
    const parsed = JSON.parse(event) as Record<string, never>;
    const trade = readTrade(event);
    const ticker = readBookTicker(event);
    const depth = readDepthUpdate(event);
    if (trade !== null) {
      assert.deepEqual(
        [trade.id, trade.at, trade.priceUnits, trade.quantityUnits, trade.isBuyerMaker],
        [parsed['t'], parsed['T'], units(parsed['p'] ?? ''), units(parsed['q'] ?? ''), parsed['m']],
      );
    } else if (ticker !== null) {
      assert.deepEqual([ticker.updateId, ticker.bidUnits], [parsed['u'], units(parsed['b'] ?? '')]);
    } else {
      assert(depth !== null, 'every frame is one of the three');
      const rows = (parsed['b'] ?? []) as [string, string][];
      assert.deepEqual(
        depth.bids,
        rows.map(([price, quantity]) => [units(price), units(quantity)]),
      );
    }
    events += 1;
  }
  assert(events > 40_000);
});

test('garbage is no event', () => {
  for (const text of [
    '',
    '{',
    '{"u":1',
    '{"e":"trade"}',
    '{"e":"depthUpdate","U":1,"u":2,"b":[["1"',
    '{"u":1,"b":"x"}',
  ]) {
    assert.deepEqual(
      [readTrade(text), readBookTicker(text), readDepthUpdate(text)],
      [null, null, null],
      text,
    );
  }
});

test('a played recording ends with the last prices that the exchange told', { skip }, async (context) => {
  const running = await startExchange();
  context.after(() => running.stop());
  const { venue } = running.exchange;
  const path = join(MARKET_DATA, 'binance-raw', 'spot_btcusdt_20240808.gz');
  let last: BookTicker | null = null;
  for await (const event of rawEvents('spot_btcusdt_20240808.gz')) last = readBookTicker(event) ?? last;
  const ended = await play(venue, {
    symbol: 'BTCUSDT',
    events: recordedEvents([path]),
    speed: Number.POSITIVE_INFINITY,
    signal: new AbortController().signal,
  });
  assert.equal(ended.state, 'ended');
  const book = venue.state.market('BTCUSDT');
  const tick = book.rules.tickUnits;
  const [bid, ask] = [book.bids.best(), book.asks.best()];
  assert.deepEqual(
    [BigInt(bid?.ticks ?? 0) * tick, BigInt(ask?.ticks ?? 0) * tick],
    [last?.bidUnits, last?.askUnits],
  );
  assert.equal(book.tape.nextTradeId - 1, 9_757, 'every recorded trade is on the tape');
  checkInvariants(venue.state);
});
