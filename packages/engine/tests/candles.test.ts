import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConditionSeries } from '../src/backtest/condition-series.ts';
import { candlesOf, resample, rowAt } from '../src/candles/candles.ts';
import type { IndicatorCondition } from '../src/machines/machine.ts';
import { xorshift } from '../src/triggers/_compare-books.ts';
import { btc } from './_markets.ts';

/** Candles whose price is a random walk; `skip` leaves rows out. */
function walk(rows: number, seed: number, skip = 0) {
  const random = xorshift(seed);
  const column = () => new Float64Array(rows);
  const columns = {
    openedAtS: new Uint32Array(rows),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let price = 10_000;
  let time = 0;
  for (let row = 0; row < rows; row++) {
    const close = Math.max(100, price + Math.round((random() - 0.5) * 100));
    columns.openedAtS[row] = time;
    columns.open[row] = price;
    columns.high[row] = Math.max(price, close) + Math.round(random() * 30);
    columns.low[row] = Math.min(price, close) - Math.round(random() * 30);
    columns.close[row] = close;
    columns.volume[row] = Math.round(random() * 1_000);
    price = close;
    time += 60 * (random() < skip ? 1 + Math.floor(random() * 20) : 1);
  }
  return candlesOf(columns, 60_000);
}

test('the pyramid finds the row that a scan finds, from anywhere to anywhere', () => {
  const candles = walk(5_000, 3);
  const row = fc.integer({ min: 0, max: 5_000 });
  const price = fc.integer({ min: 5_000, max: 15_000 });
  fc.assert(
    fc.property(row, row, price, price, (a, b, floor, ceiling) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      let expected = from;
      while (expected < to && (candles.low[expected] ?? 0) > floor && (candles.high[expected] ?? 0) < ceiling)
        expected++;
      assert.equal(candles.pyramid.nextOutside(from, to, floor, ceiling), expected);
    }),
    { numRuns: 2_000 },
  );
});

test('the pyramid knows the highest high of any stretch', () => {
  const candles = walk(5_000, 4);
  const row = fc.integer({ min: 0, max: 5_000 });
  fc.assert(
    fc.property(row, row, (a, b) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      assert.equal(candles.pyramid.highestIn(from, to), Math.max(...candles.high.subarray(from, to)));
    }),
    { numRuns: 500 },
  );
});

test('the walk visits every row that it is not allowed to pass, in order', () => {
  const candles = walk(3_000, 5);
  const row = fc.integer({ min: 0, max: 3_000 });
  fc.assert(
    fc.property(row, row, fc.integer({ min: 9_000, max: 11_000 }), (a, b, limit) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const visited: number[] = [];
      candles.pyramid.walk(
        from,
        to,
        (_, highest) => highest < limit,
        (at) => visited.push(at),
      );
      const expected = Array.from({ length: to - from }, (_, i) => from + i).filter(
        (at) => (candles.high[at] ?? 0) >= limit,
      );
      assert.deepEqual(visited, expected);
    }),
    { numRuns: 500 },
  );
});

test('longer candles are grouped by the clock, holes or not', () => {
  const minutes = walk(2_000, 7, 0.05);
  const quarters = resample(minutes, 900_000);
  let volume = 0;
  for (let row = 0; row < quarters.length; row++) {
    const at = quarters.openedAtS[row] ?? 0;
    assert.equal(at % 900, 0);
    const [from, to] = [rowAt(minutes, at), rowAt(minutes, at + 900)];
    assert.ok(to > from);
    assert.equal(quarters.open[row], minutes.open[from]);
    assert.equal(quarters.close[row], minutes.close[to - 1]);
    assert.equal(quarters.high[row], Math.max(...minutes.high.subarray(from, to)));
    assert.equal(quarters.low[row], Math.min(...minutes.low.subarray(from, to)));
    volume += quarters.volume[row] ?? 0;
  }
  assert.equal(
    volume,
    minutes.volume.reduce((sum, one) => sum + one, 0),
  );
});

test('a condition sees closed candles only: it changes when a candle of its timeframe has closed', () => {
  const candles = walk(600, 9);
  const condition: IndicatorCondition = {
    kind: 'indicator',
    indicator: { kind: 'sma', period: 1 },
    timeframe: '5m',
    compare: 'greater',
    level: 100,
  };
  const holding = new ConditionSeries(candles, btc).holding([condition]);
  for (let row = 0; row < 600; row++) {
    // The last close before the running group of five began, in dollars.
    const before = Math.floor(row / 5) * 5 - 1;
    const expected = before >= 0 && (candles.close[before] ?? 0) / 100 > 100;
    assert.equal(holding[row], expected ? 1 : 0, `row ${row}`);
  }
});

test('a crossing holds for one candle of its timeframe', () => {
  const condition = {
    kind: 'indicator',
    indicator: { kind: 'sma', period: 1 },
    timeframe: '1m',
    level: 100,
  } as const;
  const candles = walk(600, 11);
  const series = new ConditionSeries(candles, btc);
  const up = series.holding([{ ...condition, compare: 'crossing-up' }]);
  let crossings = 0;
  for (let row = 2; row < 600; row++) {
    const crossed = (candles.close[row - 2] ?? 0) < 10_000 && (candles.close[row - 1] ?? 0) >= 10_000;
    assert.equal(up[row], crossed ? 1 : 0);
    if (crossed) crossings++;
  }
  assert.ok(crossings > 0);
});
