import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rate } from '@counterfoil/vocabulary';
import { ConditionSeries } from '../src/backtest/condition-series.ts';
import { runBacktest } from '../src/backtest/run.ts';
import { type Candles, resample } from '../src/candles/candles.ts';
import type { FillModel, PathRule } from '../src/fills/model.ts';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import { type DcaOptions, RATE_ONE } from '../src/machines/dca/options.ts';
import { BTC, dataReason, readCandles } from './_candles.ts';
import { plainDca } from './_dca.ts';
import { btc, coins, percent, usdt } from './_markets.ts';

const MINUTES = [1, 15, 60, 240];
const RULES: readonly PathRule[] = ['adaptive', 'low-first', 'high-first', 'close-only'];

/** Base order, up to six averaging orders 1 % apart, target 1.2 %, with or without a trail of 0.3 %. */
function bot(trailing: boolean): DcaOptions {
  const plain = plainDca();
  const ladder = {
    kind: 'scaled',
    size: { by: 'quote', amount: usdt(100) },
    steps: 6,
    deviation: percent(1),
    stepScale: percent(100),
    volumeScale: percent(100),
  } as const;
  return plainDca({
    averaging: { ...plain.averaging, ladder, activeMax: 6 },
    takeProfit: {
      of: 'total',
      steps: [{ rate: percent(1.2), share: RATE_ONE as Rate }],
      trailing: trailing ? percent(0.3) : null,
    },
  });
}

/** Profit in quote units of the bot over the candles, under one rule for the path inside a candle. */
function profit(candles: Candles, options: DcaOptions, path: PathRule): number {
  const model: FillModel = { path, halfSpreadPpm: 0, slippagePpm: 0, volumeSharePpm: null, feeIn: 'quote' };
  const conditions = new ConditionSeries(candles, btc);
  const result = runBacktest({
    machine: dcaMachine,
    options,
    market: btc,
    candles,
    conditions,
    model,
    quote: usdt(2_000),
    base: coins(0),
    pace: 'jump',
  });
  return result.worthAtEnd - result.worthAtStart;
}

test('the rule for the path inside a candle moves the profit as published, and the band holds the reference', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const minutes = readCandles(BTC, 2, 8);
  for (const trailing of [false, true]) {
    const options = bot(trailing);
    const reference = profit(minutes, options, 'adaptive');
    const widths: number[] = [];
    for (const length of MINUTES) {
      const candles = length === 1 ? minutes : resample(minutes, length * 60_000);
      const errors = RULES.map((rule) => profit(candles, options, rule) / reference - 1);
      const [, ...band] = errors;
      const line = errors.map((error) => `${(error * 100).toFixed(1)} %`.padStart(9)).join('');
      t.diagnostic(`${trailing ? 'trailing' : 'plain   '} ${String(length).padStart(3)}m ${line}`);
      assert.ok(
        Math.min(...band) <= 0 && Math.max(...band) >= 0,
        `the band of ${length}m candles misses the reference`,
      );
      widths.push(Math.max(...band) - Math.min(...band));
    }
    // The published shape: a minute is nearly harmless, and the longer the candle the larger the error.
    assert.ok((widths[0] ?? 1) < 0.4, `one-minute band ${widths[0]}`);
    assert.ok((widths[3] ?? 0) > 2 * (widths[0] ?? 0), `bands ${widths.join(' ')}`);
  }
});
