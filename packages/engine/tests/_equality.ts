import assert from 'node:assert/strict';
import type { Quantity } from '@counterfoil/vocabulary';
import { ConditionSeries } from '../src/backtest/condition-series.ts';
import { type BacktestResult, runBacktest } from '../src/backtest/run.ts';
import { type Candles, slice } from '../src/candles/candles.ts';
import type { FillModel } from '../src/fills/model.ts';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import type { DcaOptions } from '../src/machines/dca/options.ts';
import type { Machine } from '../src/machines/machine.ts';
import { xorshift } from '../src/triggers/_compare-books.ts';
import { btc, coins, usdt } from './_markets.ts';
import { Dice } from './_random.ts';
import { randomDca, randomModel } from './_random-dca.ts';

export const WINDOW = 5_000;

/** One bot of any kind with the window it runs on. */
export interface Trial<Options, State, Command> {
  readonly machine: Machine<Options, State, Command>;
  readonly options: Options;
  readonly candles: Candles;
  readonly model: FillModel;
  readonly base: Quantity;
}

export function run<Options, State, Command>(
  trial: Trial<Options, State, Command>,
  pace: 'every-candle' | 'jump',
  market = btc,
): BacktestResult<State> {
  const conditions = new ConditionSeries(trial.candles, market);
  return runBacktest({ ...trial, market, conditions, quote: usdt(10_000), pace });
}

/** Runs a trial both ways and compares fills, notes, money and statistics. Returns the number of fills. */
export function assertEqualPaces<Options, State, Command>(
  trial: Trial<Options, State, Command>,
  name: string,
): number {
  const plain = run(trial, 'every-candle');
  const jumped = run(trial, 'jump');
  assert.deepEqual(jumped.fills, plain.fills, `${name}: fills`);
  assert.deepEqual(jumped.notes, plain.notes, `${name}: notes`);
  assert.deepEqual(jumped.equity, plain.equity, `${name}: equity`);
  assert.deepEqual([jumped.quote, jumped.base], [plain.quote, plain.base], `${name}: money`);
  return plain.fills.length;
}

export function dcaTrial(
  candles: Candles,
  seed: number,
): { trial: Trial<DcaOptions, ReturnType<typeof dcaMachine.begin>, never>; pairs: string[] } {
  const dice = new Dice(xorshift(seed * 2_654_435_761));
  const from = dice.whole(0, candles.length - WINDOW - 1);
  const options = randomDca(dice);
  const model = randomModel(dice);
  const base = options.direction === 'short' ? coins(1) : coins(0);
  // The DCA machine's commands are not used in backtests.
  const machine = dcaMachine as unknown as Machine<DcaOptions, ReturnType<typeof dcaMachine.begin>, never>;
  return {
    trial: { machine, options, candles: slice(candles, from, from + WINDOW), model, base },
    pairs: dice.pairs,
  };
}

/** Runs seeds until `count` of them had fills; returns what was covered. */
export function compareDca(
  candles: Candles,
  count: number,
  firstSeed: number,
): { fills: number; pairs: Map<string, number>; seeds: number } {
  const pairs = new Map<string, number>();
  let fills = 0;
  let seed = firstSeed;
  for (let done = 0; done < count; seed++) {
    const one = dcaTrial(candles, seed);
    const filled = assertEqualPaces(one.trial, `seed ${seed}`);
    if (filled === 0) continue;
    fills += filled;
    done++;
    for (const pair of one.pairs) pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  return { fills, pairs, seeds: seed - firstSeed };
}
