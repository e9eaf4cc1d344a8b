import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConditionSeries } from '../src/backtest/condition-series.ts';
import { type RecordedSignal, runBacktest } from '../src/backtest/run.ts';
import { candlesOf, slice } from '../src/candles/candles.ts';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import type { DcaOptions } from '../src/machines/dca/options.ts';
import { xorshift } from '../src/triggers/_compare-books.ts';
import { BTC, dataReason, readCandles } from './_candles.ts';
import { plainDca } from './_dca.ts';
import { btc, coins, usdt } from './_markets.ts';
import { Dice } from './_random.ts';

const MINUTE = 60_000;

/** Begins a deal when `buy` and `trend` have both been heard within `validMs`; leaves by `sell` or a target of 1 %. */
function signalled(validMs: number): DcaOptions {
  const plain = plainDca();
  const signal = (name: string) => ({ kind: 'signal', name, validMs }) as const;
  return plainDca({
    start: { ...plain.start, conditions: [signal('buy'), signal('trend')] },
    closing: { ...plain.closing, conditions: [signal('sell')] },
  });
}

function run(
  candles: Parameters<typeof slice>[0],
  options: DcaOptions,
  signals: readonly RecordedSignal[],
  pace: 'jump' | 'every-candle',
) {
  const model = {
    path: 'adaptive',
    halfSpreadPpm: 0,
    slippagePpm: 0,
    volumeSharePpm: null,
    feeIn: 'quote',
  } as const;
  const conditions = new ConditionSeries(candles, btc);
  const money = { quote: usdt(10_000), base: coins(0) };
  return runBacktest({
    machine: dcaMachine,
    options,
    market: btc,
    candles,
    conditions,
    model,
    ...money,
    signals,
    pace,
  });
}

test('a deal begins at the first price after the signals that it waits for, and ends at the one that closes it', () => {
  // Minutes at a steady 1,000.00; the second signal comes ten seconds into the third minute.
  const flat = () => Float64Array.from({ length: 10 }, () => 100_000);
  const openedAtS = Uint32Array.from({ length: 10 }, (_, i) => i * 60);
  const candles = candlesOf(
    { openedAtS, open: flat(), high: flat(), low: flat(), close: flat(), volume: flat() },
    MINUTE,
  );
  const signals = [
    { atMs: MINUTE, name: 'buy' },
    { atMs: 2 * MINUTE + 10_000, name: 'trend' },
    { atMs: 7 * MINUTE, name: 'sell' },
  ];
  const fills = (validMs: number) =>
    run(candles, signalled(validMs), signals, 'jump').fills.map(({ order, fill }) => [order, fill.atMs]);
  assert.deepEqual(fills(2 * MINUTE), [
    // The path has prices at a third and two thirds of the minute; twenty seconds is the first after ten.
    ['d1-base-1', 2 * MINUTE + 20_000],
    ['d1-close-6', 7 * MINUTE],
  ]);
  assert.deepEqual(fills(MINUTE), [], 'the first signal has lapsed when the second comes');
});

test('with random signals jumping equals walking every candle, fill for fill', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const all = readCandles(BTC, 2, 8);
  let fills = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const dice = new Dice(xorshift(seed * 2_654_435_761));
    const from = dice.whole(0, all.length - 5_001);
    const candles = slice(all, from, from + 5_000);
    const beginMs = (candles.openedAtS[0] ?? 0) * 1_000;
    const signals = Array.from({ length: 120 }, () => ({
      atMs: beginMs + dice.whole(0, 5_000 * MINUTE),
      name: dice.pick('name', ['buy', 'trend', 'sell', 'other']),
    })).toSorted((a, b) => a.atMs - b.atMs);
    const options = signalled(dice.whole(MINUTE, 300 * MINUTE));
    const walked = run(candles, options, signals, 'every-candle');
    const jumped = run(candles, options, signals, 'jump');
    assert.deepEqual(jumped.fills, walked.fills, `seed ${seed}: fills`);
    assert.deepEqual(jumped.equity, walked.equity, `seed ${seed}: equity`);
    assert.ok(jumped.walkedRows < walked.walkedRows / 2, 'most rows are passed over');
    // The comparison sees a signal that is told a minute late.
    const late = signals.map((one) => ({ ...one, atMs: one.atMs + MINUTE }));
    if (walked.fills.length > 0) {
      assert.notDeepEqual(run(candles, options, late, 'jump').fills, walked.fills, `seed ${seed}: late`);
    }
    fills += walked.fills.length;
  }
  t.diagnostic(`${fills} fills`);
  assert.ok(fills > 200);
});
