import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IndicatorCondition, Parked } from '@counterfoil/engine';
import type { PublicCandle } from '@counterfoil/venues';
import { ConditionDesk } from '../src/runner/condition-desk.ts';
import type { LiveBot } from '../src/runner/live-bot.ts';
import { paperMarket } from './_market.ts';

/** As much of a bot as the desk looks at. */
const bot = { markets: [paperMarket] } as unknown as LiveBot;
const MINUTE_MS = 60_000;
const START_MS = 1_700_000_040_000;

const below: IndicatorCondition = {
  kind: 'indicator',
  indicator: { kind: 'sma', period: 2 },
  timeframe: '1m',
  compare: 'less',
  level: 100,
};

function parked(conditions: readonly IndicatorCondition[], afterMs: number | null): Parked {
  return { name: 'start', on: { kind: 'conditions', market: 0, conditions, afterMs } };
}

/** Candles that close a minute apart from `START_MS` on. */
function candles(closes: readonly number[]): readonly PublicCandle[] {
  return closes.map((close, n) => {
    const text = String(close);
    const openAtMs = START_MS + (n - closes.length) * MINUTE_MS;
    return {
      openAtMs,
      closeAtMs: openAtMs + MINUTE_MS - 1,
      open: text,
      high: text,
      low: text,
      close: text,
      volume: '1',
    };
  });
}

function deskOf(closes: readonly number[]) {
  const fired: string[] = [];
  let asked = 0;
  const source = {
    candles: () => {
      asked++;
      return Promise.resolve(candles(closes));
    },
  };
  const desk = new ConditionDesk(source, (_bot, one) => fired.push(one.name));
  return { desk, fired, asked: () => asked };
}

test('a condition that holds on closed candles fires once, and the venue is asked once per candle', async () => {
  const { desk, fired, asked } = deskOf([120, 110, 99, 98]);
  desk.park(bot, [parked([below], null)]);
  for (let look = 0; look < 5; look++) await desk.look(START_MS + 1_000 + look);
  assert.deepEqual(fired, ['start']);
  assert.equal(asked(), 1);
});

test('a condition that does not hold waits, whatever the open candle does', async () => {
  const { desk, fired } = deskOf([120, 110, 101, 102]);
  desk.park(bot, [parked([below], null)]);
  await desk.look(START_MS + 1_000);
  assert.deepEqual(fired, []);
});

test('one that was used waits for the next candle', async () => {
  const { desk, fired } = deskOf([99, 98]);
  desk.park(bot, [parked([below], START_MS + 500)]);
  await desk.look(START_MS + 1_000);
  assert.deepEqual(fired, []);
  await desk.look(START_MS + MINUTE_MS + 1_000);
  assert.deepEqual(fired, ['start']);
});

test('no condition at all holds at once, and asks nobody', async () => {
  const { desk, fired, asked } = deskOf([]);
  desk.park(bot, [parked([], null)]);
  await desk.look(START_MS);
  assert.deepEqual(fired, ['start']);
  assert.equal(asked(), 0);
});

test('before its indicator has seen enough candles nothing holds', async () => {
  const { desk, fired } = deskOf([50]);
  desk.park(bot, [parked([below], null)]);
  await desk.look(START_MS + 1_000);
  assert.deepEqual(fired, []);
});

test('what is disarmed while the venue is asked does not fire', async () => {
  const { desk, fired } = deskOf([99, 98]);
  desk.park(bot, [parked([below], null)]);
  const looking = desk.look(START_MS + 1_000);
  desk.park(bot, []);
  await looking;
  assert.deepEqual(fired, []);
});
