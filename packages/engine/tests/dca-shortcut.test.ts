import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConditionSeries } from '../src/backtest/condition-series.ts';
import { runDcaShortcuts } from '../src/backtest/dca-shortcut.ts';
import { slice } from '../src/candles/candles.ts';
import { defaultFillModel } from '../src/fills/model.ts';
import type { DcaOptions } from '../src/machines/dca/options.ts';
import { xorshift } from '../src/triggers/_compare-books.ts';
import { BTC, dataReason, readCandles } from './_candles.ts';
import { plainDca } from './_dca.ts';
import { WINDOW } from './_equality.ts';
import { btc, coins, percent, usdt } from './_markets.ts';
import { Dice } from './_random.ts';
import { randomModel } from './_random-dca.ts';
import { compareShortcut, finely } from './_shortcut.ts';

test('the shortcut equals the machine on every candle, fill for fill and figure for figure', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const ground = { candles: readCandles(BTC, 2, 8), market: btc };
  const { compared, fills, declined } = compareShortcut(ground, 300, 1);
  t.diagnostic(`${compared} bots compared, ${fills} fills; ${declined} declined`);
  assert.ok(fills > 3_000);
});

test('it also does where prices have eight decimals and products leave the exact range of doubles', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const ground = { candles: readCandles(BTC, 8, 8), market: finely(btc) };
  const { compared, fills, declined } = compareShortcut(ground, 100, 1);
  t.diagnostic(`${compared} bots compared, ${fills} fills; ${declined} declined`);
  assert.ok(fills > 1_000);
});

test('bots that are run together do what each does alone', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const candles = slice(readCandles(BTC, 2, 8), 0, 40_000);
  const model = { ...defaultFillModel, volumeSharePpm: null };
  const conditions = new ConditionSeries(candles, btc);
  const ground = { market: btc, candles, model, conditions, quote: usdt(10_000), base: coins(0) };
  const { takeProfit } = plainDca();
  const bots = [0.5, 1, 2, 4].map((gain) =>
    plainDca({ takeProfit: { ...takeProfit, steps: [{ rate: percent(gain), share: percent(100) }] } }),
  );
  const together = runDcaShortcuts(ground, [...bots, plainDca({ direction: 'short' })]);
  const alone = bots.map((bot) => runDcaShortcuts(ground, [bot])[0]);
  assert.deepEqual(together, [...alone, null]);
  assert.equal(new Set(alone.map((one) => one?.fills)).size, bots.length, 'bots that differ');
});

test('the comparison finds a shortcut that is one unit off', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const ground = { candles: readCandles(BTC, 2, 8), market: btc };
  assert.throws(() => compareShortcut(ground, 20, 1, (fill) => ({ ...fill, fee: fill.fee + 1 })), /fills/);
});

test('bots that only the machine understands are declined', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const all = readCandles(BTC, 2, 8);
  const candles = slice(all, 0, WINDOW);
  const dice = new Dice(xorshift(1));
  const model = { ...randomModel(dice), path: 'adaptive', feeIn: 'quote', volumeSharePpm: null } as const;
  const declined = (change: Partial<DcaOptions>, quote = 10_000): boolean =>
    runDcaShortcuts(
      {
        market: btc,
        candles,
        model,
        conditions: new ConditionSeries(candles, btc),
        quote: usdt(quote),
        base: coins(0),
      },
      [plainDca(change)],
    )[0] === null;
  assert.equal(declined({}), false);
  assert.equal(declined({ direction: 'short' }), true);
  assert.equal(declined({ takeProfit: { ...plainDca().takeProfit, trailing: percent(1) } }), true);
  assert.equal(declined({ dealsMax: 3 }), true);
  const { start, closing } = plainDca();
  const signal = { kind: 'signal', name: 'go', validMs: 1_000 } as const;
  assert.equal(declined({ start: { ...start, conditions: [signal] } }), true, 'signals are not in candles');
  assert.equal(declined({ start: { ...start, conditions: null } }), true);
  const rsi = { kind: 'rsi', period: 14 } as const;
  const conditions = [
    { kind: 'indicator', indicator: rsi, timeframe: '1m', compare: 'greater', level: 60 },
  ] as const;
  assert.equal(declined({ closing: { ...closing, conditions } }), false);
  const profitMin = { rate: percent(1), of: 'total' } as const;
  assert.equal(declined({ closing: { ...closing, conditions, profitMin } }), true);
  assert.equal(declined({}, 300), true, 'too little money for the ladder');
  assert.equal(
    declined({ baseOrder: { by: 'quote', amount: usdt(50_000_000) } }),
    true,
    'numbers beyond 2^52',
  );
});
