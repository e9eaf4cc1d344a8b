import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parked } from '@counterfoil/engine';
import type { LiveBot } from '../src/runner/live-bot.ts';
import { PriceDesk } from '../src/runner/price-desk.ts';
import type { StoredParked } from '../src/runner/stored.ts';
import { paperMarket } from './_market.ts';

/** As much of a bot as the desk looks at. */
const bot = { markets: [paperMarket] } as unknown as LiveBot;
const frame = (usd: number): bigint => BigInt(usd) * 100_000_000n;

function deskOf(): { readonly desk: PriceDesk; readonly fired: string[] } {
  const fired: string[] = [];
  const desk = new PriceDesk((_bot, parked: Parked) => fired.push(parked.name));
  return { desk, fired };
}

/** A stop one percent below the best price since 62,000. */
function trail(extreme: number | null): StoredParked {
  const condition = { kind: 'trail-below-peak', from: 6_200_000, distancePpm: 10_000 } as const;
  return { name: 'trail', on: { kind: 'price', market: 0, condition }, extreme };
}

test('a level fires once, at the price that reaches it', () => {
  const { desk, fired } = deskOf();
  const condition = { kind: 'at-or-below', level: 6_100_000 } as const;
  desk.park(bot, [{ name: 'buy', on: { kind: 'price', market: 0, condition }, extreme: null }]);
  for (const usd of [62_000, 61_001, 61_000, 60_000]) desk.tell('BTCUSDT', frame(usd));
  assert.deepEqual(fired, ['buy']);
});

test('a trail keeps its peak while a bot is stepped, and gets it back after a restart', () => {
  const { desk, fired } = deskOf();
  desk.park(bot, [trail(null)]);
  desk.tell('BTCUSDT', frame(70_000));
  desk.park(bot, [trail(null)]);
  const kept = desk.extremesOf(bot).get('trail');
  assert.equal(kept, 7_000_000);
  const after = deskOf();
  after.desk.park(bot, [trail(kept ?? null)]);
  after.desk.tell('BTCUSDT', frame(69_200));
  // One percent below 70,000, which a trail that begins again at 62,000 would not notice.
  const forgetful = deskOf();
  forgetful.desk.park(bot, [trail(null)]);
  for (const { desk: one } of [after, forgetful]) one.tell('BTCUSDT', frame(69_299));
  assert.deepEqual(after.fired, ['trail']);
  assert.deepEqual(forgetful.fired, []);
  assert.deepEqual(fired, []);
});

test('a peak that went further is written down once', () => {
  const { desk } = deskOf();
  desk.park(bot, [trail(null)]);
  assert.ok(desk.hasNewPeaks(bot));
  desk.extremesOf(bot);
  assert.ok(!desk.hasNewPeaks(bot));
  desk.tell('BTCUSDT', frame(63_000));
  assert.ok(desk.hasNewPeaks(bot));
});

test('what a bot does not wait for any more never fires', () => {
  const { desk, fired } = deskOf();
  desk.park(bot, [trail(null), { name: 'later', on: { kind: 'time', market: 0, atMs: 5 }, extreme: null }]);
  desk.park(bot, []);
  desk.tell('BTCUSDT', frame(1_000));
  desk.tellTime(10);
  assert.deepEqual(fired, []);
  assert.equal(desk.armed, 0);
});
