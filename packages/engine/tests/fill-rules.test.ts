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
import { trailingLoop } from './_trailing-loop.ts';

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

/** Realised profit in quote units of the bot over the candles, under one rule for the path inside a candle. */
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
  let realised = 0n;
  for (const note of result.notes) if (note.code === 'deal-closed') realised += note.profit;
  return Number(realised);
}

test('the rule for the path inside a candle moves the profit as published, and the band holds the reference', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const minutes = readCandles(BTC, 2, 8);
  const missed: string[] = [];
  for (const trailing of [false, true]) {
    const options = bot(trailing);
    const reference = profit(minutes, options, 'adaptive');
    const widths: number[] = [];
    for (const length of MINUTES) {
      const candles = length === 1 ? minutes : resample(minutes, length * 60_000);
      const errors = RULES.map((rule) => profit(candles, options, rule) / reference - 1);
      const line = errors.map((error) => `${(error * 100).toFixed(1)} %`.padStart(9)).join('');
      t.diagnostic(`${trailing ? 'trailing' : 'plain   '} ${String(length).padStart(3)}m ${line}`);
      // A report draws its band around its own result too; this is what the three others hold without it.
      const others = errors.slice(1);
      if (Math.min(...others) > 0 || Math.max(...others) < 0)
        missed.push(`${trailing ? 'trailing ' : ''}${length}m`);
      widths.push(Math.max(...errors) - Math.min(...errors));
      if (length > 1) assert.ok((errors[3] ?? 0) < -0.15, 'seeing only closes loses profit');
    }
    // The published shape: a minute is nearly harmless, and the longer the candle, the wider the band.
    const [minute = 1, quarter = 0, hour = 0, fourHours = 0] = widths;
    assert.ok(minute < 0.2 && minute < quarter && quarter < hour && hour < fourHours, widths.join(' '));
  }
  // There every rule is the reference's own, or sells later than it: the report's own result is the top of its band.
  assert.deepEqual(missed, ['trailing 1m']);
});

test('a loop that shares nothing with the engine gives the same figures for the trailing bot under every rule', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const minutes = readCandles(BTC, 2, 8);
  const [options, plain] = [bot(true), bot(false)];
  const reference = profit(minutes, options, 'adaptive');
  const loopReference = trailingLoop(minutes, 'adaptive');
  for (const length of MINUTES) {
    const candles = length === 1 ? minutes : resample(minutes, length * 60_000);
    for (const rule of RULES) {
      const ours = profit(candles, options, rule) / reference;
      const theirs = trailingLoop(candles, rule) / loopReference;
      // The tick that a limit must be exceeded by, and what comes first in a jump across two levels, shift a few deals.
      const line = `${length}m ${rule}: ${ours.toFixed(4)} and ${theirs.toFixed(4)}`;
      assert.ok(Math.abs(ours - theirs) < 0.04, line);
    }
  }
  const other = profit(minutes, plain, 'low-first') / profit(minutes, plain, 'adaptive');
  assert.ok(
    Math.abs(other - trailingLoop(minutes, 'low-first') / loopReference) > 0.04,
    'another bot is told apart',
  );
});

test('the band without the adaptive run misses one row, unless stops fill at prices that were gone', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const minutes = readCandles(BTC, 2, 8);
  const missed = (atTrail: boolean): number[] => {
    const reference = trailingLoop(minutes, 'adaptive', atTrail);
    return MINUTES.filter((length) => {
      const candles = length === 1 ? minutes : resample(minutes, length * 60_000);
      const three = (['low-first', 'high-first', 'close-only'] as const).map((rule) =>
        trailingLoop(candles, rule, atTrail),
      );
      return Math.min(...three) > reference || Math.max(...three) < reference;
    });
  };
  assert.deepEqual(missed(false), [1], 'each of the three sells worse on one-minute candles');
  // With closes alone the price is below the trail when it is seen. Sold at the trail, the close-only bot gains, and
  // its figures are those that were published, band included; but nobody would have bought there any more.
  assert.deepEqual(missed(true), []);
});
