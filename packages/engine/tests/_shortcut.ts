import assert from 'node:assert/strict';
import { runDcaShortcut, type ShortcutFill } from '../src/backtest/dca-shortcut.ts';
import { type Candles, slice } from '../src/candles/candles.ts';
import type { FillModel } from '../src/fills/model.ts';
import { dcaMachine } from '../src/machines/dca/machine.ts';
import type { DcaOptions } from '../src/machines/dca/options.ts';
import { xorshift } from '../src/triggers/_compare-books.ts';
import { plainDca } from './_dca.ts';
import { run, WINDOW } from './_equality.ts';
import { btc, coins, percent, usdt } from './_markets.ts';
import { Dice } from './_random.ts';
import { randomModel } from './_random-dca.ts';

/** Runs seeds until `count` were taken by the shortcut and had fills. */
export function compareShortcut(
  candles: Candles,
  count: number,
  firstSeed: number,
  spoil: (fill: ShortcutFill) => ShortcutFill = (fill) => fill,
): { compared: number; fills: number; declined: number } {
  let [compared, fills, declined] = [0, 0, 0];
  for (let seed = firstSeed; compared < count; seed++) {
    const dice = new Dice(xorshift(seed * 2_654_435_761));
    const from = dice.whole(0, candles.length - WINDOW - 1);
    const window = slice(candles, from, from + WINDOW);
    const { options, model } = randomPlain(dice);
    const seen: ShortcutFill[] = [];
    const money = { quote: usdt(10_000), base: coins(0) };
    const shortcut = runDcaShortcut({
      options,
      market: btc,
      candles: window,
      model,
      ...money,
      onFill: (fill) => seen.push(spoil(fill)),
    });
    if (shortcut === null) {
      declined++;
      continue;
    }
    const plain = run(
      { machine: dcaMachine, options, candles: window, model, base: money.base },
      'every-candle',
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

function randomPlain(dice: Dice): { options: DcaOptions; model: FillModel } {
  const steps = dice.whole(0, 8);
  const plain = plainDca();
  const rate = (low: number, high: number) => percent(Math.round(dice.between(low, high) * 10_000) / 10_000);
  const options = plainDca({
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
      steps: plain.takeProfit.steps.map((step) => ({ ...step, rate: rate(0.1, 2.5) })),
    },
  });
  return { options, model: { ...randomModel(dice), feeIn: 'quote' } };
}
