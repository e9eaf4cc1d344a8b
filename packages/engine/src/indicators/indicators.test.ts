import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WilderAverage } from './averages.ts';
import type { Bar, Indicator } from './bar.ts';
import { createIndicator, type IndicatorSpec, indicatorKey } from './specification.ts';
import { ParabolicStop } from './trends.ts';

/** Answers of an indicator over candles, without the warm-up. */
function answers(spec: IndicatorSpec, bars: readonly Bar[]): number[] {
  const indicator = createIndicator(spec);
  return bars.map((bar) => indicator.next(bar)).filter((value) => !Number.isNaN(value));
}

function closes(values: readonly number[]): Bar[] {
  return values.map((close) => ({ open: close, high: close, low: close, close, volume: 1 }));
}

function near(seen: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(seen.length, expected.length, `${seen.length} values instead of ${expected.length}`);
  for (const [i, value] of expected.entries()) {
    assert.ok(
      Math.abs((seen[i] ?? Number.NaN) - value) <= tolerance,
      `value ${i}: ${seen[i]} is not ${value}`,
    );
  }
}

// The fifteen candles and answers that the Tulip Indicators library publishes with its tests (tests/untest.txt).
const open = [
  81.85, 81.2, 81.55, 82.91, 83.1, 83.41, 82.71, 82.7, 84.2, 84.25, 84.03, 85.45, 86.18, 88.0, 87.6,
];
const high = [
  82.15, 81.89, 83.03, 83.3, 83.85, 83.9, 83.33, 84.3, 84.84, 85.0, 85.9, 86.58, 86.98, 88.0, 87.87,
];
const low = [
  81.29, 80.64, 81.31, 82.65, 83.07, 83.11, 82.49, 82.3, 84.15, 84.11, 84.03, 85.39, 85.76, 87.17, 87.01,
];
const close = [
  81.59, 81.06, 82.87, 83.0, 83.61, 83.15, 82.84, 83.99, 84.55, 84.36, 85.53, 86.54, 86.89, 87.77, 87.29,
];
const volume = [
  5653100, 6447400, 7690900, 3831400, 4455100, 3798000, 3936200, 4732000, 4841300, 3915300, 6830800, 6694100,
  5293600, 7985800, 4807900,
];
const bars: Bar[] = close.map((c, i) => ({
  open: open[i] ?? 0,
  high: high[i] ?? 0,
  low: low[i] ?? 0,
  close: c,
  volume: volume[i] ?? 0,
}));

test('RSI gives the values of the chart-school example of 33 closes', () => {
  const prices = [
    44.3389, 44.0902, 44.1497, 43.6124, 44.3278, 44.8264, 45.0955, 45.4245, 45.8433, 46.0826, 45.8931,
    46.0328, 45.614, 46.282, 46.282, 46.0028, 46.0328, 46.4116, 46.2222, 45.6439, 46.2122, 46.2521, 45.7137,
    46.4515, 45.7835, 45.3548, 44.0288, 44.1783, 44.2181, 44.5672, 43.4205, 42.6628, 43.1314,
  ];
  near(
    answers({ kind: 'rsi', period: 14 }, closes(prices)),
    [
      70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46, 41.87,
      45.46, 37.3, 33.08, 37.77,
    ],
    0.011,
  );
});

test('RSI gives the published values of Tulip', () => {
  const expected = [72.034, 64.927, 75.936, 79.796, 74.713, 83.033, 87.478, 88.755, 91.483, 78.498];
  near(answers({ kind: 'rsi', period: 5 }, bars), expected, 0.0006);
});

test('EMA gives the values of Achelis, page 209, and SMA those of Tulip', () => {
  const prices = [25, 24.875, 24.781, 24.594, 24.5, 24.625, 25.219, 27.25];
  near(answers({ kind: 'ema', period: 5 }, closes(prices)), [24.698, 24.674, 24.856, 25.654], 0.0006);
  const expected = [82.426, 82.738, 83.094, 83.318, 83.628, 83.778, 84.254, 84.994, 85.574, 86.218, 86.804];
  near(answers({ kind: 'sma', period: 5 }, bars), expected, 0.0006);
});

test('MACD gives the line, signal and histogram of Achelis, page 202', () => {
  const prices = [
    63.75, 63.625, 63, 62.75, 63.25, 65.375, 66, 65, 64.875, 64.75, 64.375, 64.375, 64.625, 64.375, 64.5,
    65.25, 67.875, 68, 66.875, 66.25, 65.875, 66, 65.875, 64.75, 63, 63.375, 63.375, 63.375, 63.875, 65.5,
    63.25,
  ];
  const macd = (output: 'line' | 'signal' | 'histogram') =>
    answers({ kind: 'macd', fast: 12, slow: 26, signal: 9, output }, closes(prices));
  near(macd('line'), [0.069246, -0.056749, -0.155175, -0.193316, -0.099255, -0.192933].slice(0, 6), 1e-6);
  near(macd('signal'), [0.069246, 0.044047, 0.004203, -0.035301, -0.048092, -0.07706], 1e-6);
  near(macd('histogram'), [0, -0.100796, -0.159378, -0.158015, -0.051163, -0.115873], 1e-6);
});

test('Bollinger position follows from the bands of Achelis, page 73', () => {
  const prices = [31.875, 32.125, 32.3125, 32.125, 31.875, 32.3125, 32.25, 32.4375];
  const lower = [31.7271, 31.8279, 31.8452, 31.8176];
  const upper = [32.3979, 32.4721, 32.5048, 32.5824];
  const expected = lower.map((l, i) => ((prices[i + 4] ?? 0) - l) / ((upper[i] ?? 0) - l));
  near(answers({ kind: 'bollinger', period: 5, deviations: 2 }, closes(prices)), expected, 0.0002);
});

test('Stochastic, MFI, CCI and the ultimate oscillator give the published values of Tulip', () => {
  const stochastic = (output: 'k' | 'd') =>
    answers({ kind: 'stochastic', period: 5, smoothing: 3, signal: 3, output }, bars);
  near(stochastic('k').slice(2), [77.385, 83.126, 84.867, 88.361, 95.246, 96.74, 91.091], 0.0006);
  near(stochastic('d'), [75.702, 78.011, 81.793, 85.452, 89.491, 93.449, 94.359], 0.0006);
  const flows = [61.172, 67.308, 62.796, 64.661, 45.238, 67.841, 85.578, 85.963, 87.504, 84.647];
  near(answers({ kind: 'mfi', period: 5 }, bars), flows, 0.0006);
  const channel = [166.667, 82.02, 95.501, 130.912, 99.163, 116.342, 71.928];
  // Tulip begins CCI after 2 × (period − 1) candles; the formula has an answer from the fifth on.
  near(answers({ kind: 'cci', period: 5 }, bars).slice(4), channel, 0.0006);
  const ultimate = [43.499, 34.044, 65.883, 73.955, 53.388, 64.149, 81.282, 90.186, 86.114, 65.45];
  near(answers({ kind: 'ultimate', short: 2, middle: 3, long: 5 }, bars), ultimate, 0.0006);
});

test('CCI gives the values of Achelis, page 105', () => {
  const highs = [
    15.125, 15.052, 14.8173, 14.69, 14.7967, 14.794, 14.093, 14.7, 14.5255, 14.6579, 14.7842, 14.8273,
  ];
  const lows = [
    14.936, 14.6267, 14.5557, 14.46, 14.5483, 13.9347, 13.8223, 14.02, 14.2652, 14.3773, 14.5527, 14.3309,
  ];
  const ends = [
    14.936, 14.752, 14.5857, 14.6, 14.6983, 13.946, 13.9827, 14.45, 14.3452, 14.4197, 14.5727, 14.4773,
  ];
  const candles = ends.map((c, i) => ({
    open: c,
    high: highs[i] ?? 0,
    low: lows[i] ?? 0,
    close: c,
    volume: 1,
  }));
  near(answers({ kind: 'cci', period: 5 }, candles).slice(4), [18.089, 84.4605, 109.1186, 46.654], 0.05);
});

test('ATR and the parabolic stop give the published values of Tulip', () => {
  const ranges = [1.116, 1.051, 1.009, 1.207, 1.136, 1.086, 1.243, 1.233, 1.23, 1.206, 1.137];
  near(answers({ kind: 'atr', period: 5, form: 'price' }, bars), ranges, 0.0006);
  const percents = [1.335, 1.264, 1.218, 1.437, 1.343, 1.288, 1.453, 1.424, 1.416, 1.374, 1.302];
  near(answers({ kind: 'atr', period: 5, form: 'percent' }, bars), percents, 0.0006);
  const parabolic = new ParabolicStop(0.2, 2);
  const stops = bars.map((bar) => parabolic.stopOf(bar)).slice(1);
  const expected = [
    82.15, 80.64, 80.64, 81.31, 82.65, 83.9, 82.3, 82.3, 82.3, 83.92, 84.03, 84.03, 85.39, 85.76,
  ];
  near(stops, expected, 0.0006);
});

test('a Heikin-Ashi run counts candles of one colour, worked by hand', () => {
  const candles = [
    { open: 10, high: 12, low: 9, close: 11, volume: 1 }, // HA open 10.5, close 10.5: no colour
    { open: 11, high: 14, low: 11, close: 14, volume: 1 }, // open 10.5, close 12.5: green 1
    { open: 14, high: 15, low: 13, close: 14, volume: 1 }, // open 11.5, close 14: green 2
    { open: 12, high: 12, low: 9, close: 9, volume: 1 }, // open 12.75, close 10.5: red 1
  ];
  assert.deepEqual(answers({ kind: 'heikin-ashi' }, candles), [0, 1, 2, -1]);
});

test('a cross is positive while the fast average is on top, and volume sums its candles', () => {
  assert.deepEqual(answers({ kind: 'sma-cross', fast: 1, slow: 2 }, closes([1, 3, 2])), [1, -0.5]);
  assert.deepEqual(answers({ kind: 'volume', period: 2 }, closes([5, 6, 7])), [2, 2]);
});

test('a market that stands still is neither strong nor weak', () => {
  const flat = closes(Array.from({ length: 20 }, () => 100));
  assert.ok(answers({ kind: 'rsi', period: 5 }, flat).every((value) => value === 50));
  assert.ok(answers({ kind: 'cci', period: 5 }, flat).every((value) => value === 0));
  assert.ok(answers({ kind: 'bollinger', period: 5, deviations: 2 }, flat).every((value) => value === 0.5));
});

test("Wilder's average begins with the plain mean", () => {
  const average = new WilderAverage(2);
  assert.deepEqual(
    [4, 6, 10].map((value) => average.update(value)),
    [Number.NaN, 5, 7.5],
  );
});

test('equal specifications share one series and a period out of range names itself', () => {
  assert.equal(
    indicatorKey({ kind: 'rsi', period: 7 }, '1h'),
    indicatorKey({ period: 7, kind: 'rsi' }, '1h'),
  );
  assert.notEqual(
    indicatorKey({ kind: 'rsi', period: 7 }, '1h'),
    indicatorKey({ kind: 'rsi', period: 8 }, '1h'),
  );
  assert.throws(
    () => createIndicator({ kind: 'rsi', period: 0 }),
    /rsi period must be a whole number from 1 to 1000/,
  );
});

test('a base is a low that its neighbours do not undercut, and the distance counts from the last one', () => {
  // With two candles on each side: 8 is a base once 9 and 9.5 have closed, 7 never (6 follows), 6 at the very end.
  const lows = [10, 9, 8, 9, 9.5, 7, 6, 8, 9];
  const seen = answers({ kind: 'qfl', period: 2 }, closes(lows));
  // The fifth candle closes at 9.5: 18.75 % above 8; then 7 and 6 are 12.5 % and 25 % below, 8 is at it.
  near(seen, [18.75, -12.5, -25, 0, 50], 1e-9);
});

test('no indicator keeps the candle it was given, which is filled anew with the next one', () => {
  const specs: readonly IndicatorSpec[] = [
    ...(['rsi', 'cci', 'mfi', 'sma', 'ema', 'volume', 'turnover', 'qfl'] as const).map((kind) => ({
      kind,
      period: 3,
    })),
    { kind: 'atr', period: 3, form: 'percent' },
    { kind: 'sma-cross', fast: 2, slow: 4 },
    { kind: 'ema-cross', fast: 2, slow: 4 },
    { kind: 'macd', fast: 2, slow: 4, signal: 2, output: 'histogram' },
    { kind: 'bollinger', period: 3, deviations: 2 },
    { kind: 'stochastic', period: 3, smoothing: 2, signal: 2, output: 'd' },
    { kind: 'ultimate', short: 2, middle: 3, long: 4 },
    { kind: 'parabolic', step: 0.02, max: 0.2 },
    { kind: 'heikin-ashi' },
  ];
  for (const spec of specs) {
    const seen = refilled(createIndicator(spec));
    assert.deepEqual(seen.filter(isWarm), answers(spec, bars), `${spec.kind} keeps its candle`);
    assert.ok(seen.some(isWarm), `${spec.kind} answered nothing`);
  }
  // One that keeps it compares each candle with itself.
  let before = bars[0];
  const keeper = {
    next: (bar: Bar): number => {
      const rise = bar.close - (before?.close ?? 0);
      before = bar;
      return rise;
    },
  };
  assert.deepEqual(new Set(refilled(keeper).slice(1)), new Set([0]));
});

const isWarm = (value: number): boolean => !Number.isNaN(value);

function refilled(indicator: Indicator): number[] {
  const one = { open: 0, high: 0, low: 0, close: 0, volume: 0 };
  return bars.map((bar) => indicator.next(Object.assign(one, bar)));
}
