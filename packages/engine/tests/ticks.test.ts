import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConditionSeries } from '../src/backtest/condition-series.ts';
import { runBacktest } from '../src/backtest/run.ts';
import { type Candles, resample } from '../src/candles/candles.ts';
import { candlesFromTicks } from '../src/candles/ticks.ts';
import type { FillModel, PathRule } from '../src/fills/model.ts';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import type { DcaOptions } from '../src/machines/dca/options.ts';
import { dataReason } from './_candles.ts';
import { plainDca } from './_dca.ts';
import { btc, coins, percent, usdt } from './_markets.ts';
import { readTicks } from './_ticks.ts';

function runOn(
  candles: Candles,
  options: DcaOptions,
  path: PathRule,
  pace: 'jump' | 'every-candle' = 'jump',
) {
  const model: FillModel = { path, halfSpreadPpm: 0, slippagePpm: 0, volumeSharePpm: null, feeIn: 'quote' };
  const conditions = new ConditionSeries(candles, btc);
  return runBacktest({
    machine: dcaMachine,
    options,
    market: btc,
    candles,
    conditions,
    model,
    quote: usdt(1_000),
    base: coins(0),
    pace,
  });
}

test('trades are replayed one by one: a trailing profit leaves at the trade that crossed it', () => {
  // Base at 1,000; 1,010 begins the trail of 0.5 %; the peak of 1,020 sets it to 1,014.9; the next trade is 1,012.
  const price = Float64Array.of(100_000, 101_000, 102_000, 101_600, 101_200, 103_000);
  const atMs = Float64Array.from(price, (_, i) => i * 400);
  const takeProfit = { ...plainDca().takeProfit, trailing: percent(0.5) };
  const candles = candlesFromTicks({ atMs, price, volume: price });
  const result = runOn(candles, plainDca({ takeProfit, dealsMax: 1 }), 'adaptive');
  assert.deepEqual(
    result.fills.map(({ order, fill }) => [order.split('-')[1], Number(fill.price)]),
    [
      ['base', 100_000],
      ['close', 101_200],
    ],
  );
});

test('on recorded trades both paces agree, and the band of one-minute candles is compared with the replay', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  let [inside, compared, fills] = [0, 0, 0];
  for (const file of ['spot_btcusdt_20240808.gz', 'spot_btcusdt_20240809.gz', 'spot_ethusdt_20240809.gz']) {
    const ticks = candlesFromTicks(readTicks(file));
    const minutes = resample(ticks, 60_000);
    for (let step = 1; step <= 12; step++) {
      const plain = plainDca();
      const options = plainDca({
        averaging: {
          ...plain.averaging,
          ladder: {
            kind: 'custom',
            steps: [{ deviation: percent(0.01 * step), size: { by: 'quote', amount: usdt(100) } }],
          },
        },
        takeProfit: {
          ...plain.takeProfit,
          steps: plain.takeProfit.steps.map((one) => ({ ...one, rate: percent(0.015 * step) })),
        },
      });
      const replay = runOn(ticks, options, 'adaptive');
      assert.deepEqual(replay.fills, runOn(ticks, options, 'adaptive', 'every-candle').fills);
      fills += replay.fills.length;
      const worths = (['adaptive', 'low-first', 'high-first', 'close-only'] as const).map(
        (rule) => runOn(minutes, options, rule).worthAtEnd,
      );
      compared++;
      if (replay.worthAtEnd >= Math.min(...worths) && replay.worthAtEnd <= Math.max(...worths)) inside++;
    }
  }
  t.diagnostic(
    `${fills} fills on trades; the one-minute band holds the replay in ${inside} of ${compared} runs`,
  );
  assert.ok(fills > 100);
});
