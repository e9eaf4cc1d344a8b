import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConditionSeries } from '../src/backtest/condition-series.ts';
import { runBacktest } from '../src/backtest/run.ts';
import { candlesFromTicks } from '../src/candles/ticks.ts';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import { plainDca } from './_dca.ts';
import { btc, coins, percent, usdt } from './_markets.ts';

test('a size in percent counts from the money that the deals before have left', () => {
  // Two deals of half the money at 1,000, each sold at 1,010 when the price goes beyond it.
  const price = Float64Array.of(100_000, 101_100, 100_000, 101_100);
  const candles = candlesFromTicks({
    atMs: Float64Array.of(0, 60_000, 120_000, 180_000),
    price,
    volume: price,
  });
  const options = plainDca({
    baseOrder: { by: 'percent', rate: percent(50) },
    averaging: { ladder: { kind: 'custom', steps: [] }, activeMax: 0, conditions: [] },
    start: { ...plainDca().start, cooldownMs: 30_000 },
  });
  const model = {
    path: 'adaptive',
    halfSpreadPpm: 0,
    slippagePpm: 0,
    volumeSharePpm: null,
    feeIn: 'quote',
  } as const;
  const conditions = new ConditionSeries(candles, btc);
  const { fills } = runBacktest({
    machine: dcaMachine,
    options,
    market: btc,
    candles,
    conditions,
    model,
    quote: usdt(1_000),
    base: coins(0),
    pace: 'jump',
  });
  const bases = fills.filter(({ order }) => order.includes('base')).map(({ fill }) => fill.quantity);
  // 1,000 × 50 % / 1,000 = 0.5; gained 505 − 500 − 0.5 − 0.505 = 3.995, so 1,003.995 × 50 % / 1,000 = 0.50199.
  assert.deepEqual(bases, [coins(0.5), coins(0.50199)]);
});
