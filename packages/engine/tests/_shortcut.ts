import assert from 'node:assert/strict';
import type { Market, Price } from '@counterfoil/vocabulary';
import { ConditionSeries } from '../src/backtest/condition-series.ts';
import { runDcaShortcuts, type ShortcutFill } from '../src/backtest/dca-shortcut.ts';
import { type Candles, slice } from '../src/candles/candles.ts';
import type { FillModel } from '../src/fills/model.ts';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import type { DcaOptions } from '../src/machines/dca/options.ts';
import type { IndicatorCondition } from '../src/machines/machine.ts';
import { xorshift } from '../src/triggers/_compare-books.ts';
import { plainDca } from './_dca.ts';
import { run, WINDOW } from './_equality.ts';
import { coins, percent, usdt } from './_markets.ts';
import { Dice } from './_random.ts';
import { randomModel } from './_random-dca.ts';

/** The market with its prices counted a million times more finely, as recordings with eight decimals need. */
export function finely(market: Market): Market {
  const finer = (price: Price): Price => (price * 1_000_000n) as Price;
  return {
    ...market,
    priceScale: market.priceScale + 6,
    tick: finer(market.tick),
    priceMin: finer(market.priceMin),
  };
}

/** Runs seeds until `count` were taken by the shortcut. */
export function compareShortcut(
  { candles, market }: { candles: Candles; market: Market },
  count: number,
  firstSeed: number,
  spoil: (fill: ShortcutFill) => ShortcutFill = (fill) => fill,
): { compared: number; fills: number; declined: number } {
  let [compared, fills, declined] = [0, 0, 0];
  for (let seed = firstSeed; compared < count; seed++) {
    const dice = new Dice(xorshift(seed * 2_654_435_761));
    const from = dice.whole(0, candles.length - WINDOW - 1);
    const window = slice(candles, from, from + WINDOW);
    const { options, model } = randomPlain(dice, market);
    const seen: ShortcutFill[] = [];
    const money = { quote: usdt(10_000), base: coins(0) };
    const ground = {
      market,
      candles: window,
      model,
      conditions: new ConditionSeries(window, market),
      ...money,
    };
    const [shortcut = null] = runDcaShortcuts({ ...ground, onFill: (fill) => seen.push(spoil(fill)) }, [
      options,
    ]);
    if (shortcut === null) {
      declined++;
      continue;
    }
    const plain = run(
      { machine: dcaMachine, options, candles: window, model, base: money.base },
      'every-candle',
      market,
    );
    const expected = plain.fills.map(({ order, fill }) => ({
      order: order.split('-')[1],
      price: Number(fill.price),
      quantity: Number(fill.quantity),
      amount: Number(fill.amount),
      fee: Number(fill.fee),
      atMs: fill.atMs,
    }));
    assert.deepEqual(seen, expected, `seed ${seed}: fills`);
    assert.deepEqual(shortcut.equity, plain.equity, `seed ${seed}: equity`);
    const profits = plain.notes.flatMap((note) => (note.code === 'deal-closed' ? [Number(note.profit)] : []));
    assert.deepEqual(shortcut.profits, profits, `seed ${seed}: profits`);
    assert.equal(shortcut.worthAtEnd, plain.worthAtEnd, `seed ${seed}: worth`);
    assert.equal(shortcut.totalQuote, Number(plain.quote), `seed ${seed}: quote`);
    compared++;
    fills += seen.length;
  }
  return { compared, fills, declined };
}

function condition(dice: Dice): IndicatorCondition {
  const compare = dice.pick('compare', ['less', 'greater', 'crossing-up', 'crossing-down']);
  const timeframe = dice.pick('timeframe', ['1m', '5m', '1h']);
  return dice.chance('averages', 0.5)
    ? {
        kind: 'indicator',
        indicator: { kind: 'sma-cross', fast: 10, slow: 30 },
        timeframe,
        compare,
        level: 0,
      }
    : {
        kind: 'indicator',
        indicator: { kind: 'rsi', period: 14 },
        timeframe,
        compare,
        level: dice.whole(30, 70),
      };
}

function randomPlain(dice: Dice, market: Market): { options: DcaOptions; model: FillModel } {
  const steps = dice.whole(0, 8);
  const plain = plainDca();
  const rate = (low: number, high: number) => percent(Math.round(dice.between(low, high) * 10_000) / 10_000);
  const byCondition = dice.chance('close by condition', 0.5);
  const target = plain.takeProfit.steps.map((step) => ({ ...step, rate: rate(0.1, 2.5) }));
  const options = plainDca({
    markets: [market],
    baseOrder: { by: 'quote', amount: usdt(dice.whole(20, 300)) },
    averaging: {
      ladder: {
        kind: 'scaled',
        size: { by: 'quote', amount: usdt(dice.whole(20, 300)) },
        steps,
        deviation: rate(0.1, 2),
        stepScale: percent(dice.whole(80, 160)),
        volumeScale: percent(dice.whole(80, 140)),
      },
      activeMax: steps,
      conditions: [],
    },
    takeProfit: {
      ...plain.takeProfit,
      steps: byCondition && dice.chance('no target', 0.5) ? [] : target,
    },
    start: { ...plain.start, conditions: dice.chance('start by condition', 0.5) ? [condition(dice)] : [] },
    closing: { ...plain.closing, conditions: byCondition ? [condition(dice)] : [] },
  });
  return { options, model: { ...randomModel(dice), feeIn: 'quote' } };
}
