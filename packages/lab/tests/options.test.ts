import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createIndicator,
  type DcaOptions,
  type GridOptions,
  type SmartTradeOptions,
} from '@counterfoil/engine';
import type { Amount, Price, Quantity } from '@counterfoil/vocabulary';
import { botFromFlags } from '../src/commands/bots.ts';
import { conditions } from '../src/commands/conditions.ts';
import { Flags } from '../src/commands/flags.ts';
import { marketFromFlags } from '../src/commands/market.ts';
import { runBacktestCommand } from '../src/index.ts';
import { parseCandleCsv } from '../src/data/csv.ts';
import { collectingIo, waveCsv, waveFile } from './_fixtures.ts';

const data = parseCandleCsv(waveCsv(10), 'x');

function optionsOf<Options>(...args: string[]): Options {
  const flags = new Flags(args);
  const market = marketFromFlags(flags, data);
  const free = { quote: 1_000_000_000_000n as Amount, base: 0n as Quantity };
  const bot = botFromFlags(flags, market, 100_000n as Price, free);
  flags.finish();
  return bot.options as Options; // the kind that --bot asked for
}

const dca = (...args: string[]) => optionsOf<DcaOptions>('--bot', 'dca', ...args);
const grid = (...args: string[]) =>
  optionsOf<GridOptions>('--bot', 'grid', '--lower', '9000', '--upper', '11000', ...args);
const smart = (...args: string[]) => optionsOf<SmartTradeOptions>('--bot', 'smart-trade', ...args);

test('every option of a DCA bot on one market can be given', () => {
  const plain = dca();
  assert.deepEqual(plain.takeProfit, {
    of: 'total',
    steps: [{ rate: 1_200_000n, share: 100_000_000n }],
    trailing: null,
  });
  assert.deepEqual([plain.stopLoss, plain.dealsMax, plain.start.priceRange], [null, null, null]);
  assert.deepEqual(
    dca('--take-profit', '1:50,2:30,3:20').takeProfit.steps.map(({ share }) => share),
    [50_000_000n, 30_000_000n, 20_000_000n],
  );
  const thirds = dca('--take-profit', '1,2,3').takeProfit.steps.map(({ share }) => share);
  assert.deepEqual(thirds, [33_333_333n, 33_333_333n, 33_333_334n], 'nothing is left over');
  assert.deepEqual(dca('--take-profit', 'none', '--deal-minutes', '90').takeProfit.steps, []);
  const stop = ['--stop-loss', '9', '--stop-seconds', '30', '--breakeven', 'target-1', '--stop-bot', 'yes'];
  assert.deepEqual(dca(...stop, '--stop-trailing', 'yes').stopLoss, {
    rate: 9_000_000n,
    trailing: true,
    timeoutMs: 30_000,
    breakeven: 'target-1',
    stopBot: true,
  });
  assert.deepEqual(dca('--size-in', 'percent', '--base-order', '5').baseOrder, {
    by: 'percent',
    rate: 5_000_000n,
  });
  assert.deepEqual(dca('--size-in', 'base', '--base-order', '0.5').baseOrder, {
    by: 'base',
    quantity: 50_000_000n,
  });
  assert.deepEqual(dca('--price-below', '10500').start.priceRange, { by: 'price', min: null, max: 105_000n });
  const rest = dca('--deals-max', '3', '--delay-minutes', '2', '--deal-minutes', '60', '--close-min', '0.5');
  assert.deepEqual([rest.dealsMax, rest.start.delayMs, rest.closing.timeoutMs], [3, 120_000, 3_600_000]);
  assert.deepEqual(rest.closing.profitMin, { rate: 500_000n, of: 'total' });
  const kinds = dca(
    '--base-type',
    'limit',
    '--profit-in',
    'base',
    '--profit-of',
    'base',
    '--turnover-min',
    '5',
  );
  assert.deepEqual(
    [kinds.baseOrderType, kinds.profitCurrency, kinds.takeProfit.of],
    ['limit', 'base', 'base'],
  );
  assert.equal(kinds.start.turnoverMin, 500_000_000n);
});

test('every option of a grid and of a SmartTrade can be given', () => {
  const stops = ['--stop-above', '12000', '--stop-below', '8000', '--stop-action', 'stop-and-sell'];
  const limits = ['--active-buys', '3', '--active-sells', '4', '--expand-up-to', '11500', '--balance', 'no'];
  const one = grid(...stops, ...limits, '--profit-in', 'base', '--size-in', 'base', '--line-order', '0.02');
  assert.deepEqual(one.upperStop, { price: 120_000n, action: 'stop-and-sell' });
  assert.deepEqual(one.lowerStop, { price: 80_000n, action: 'stop-and-sell' });
  assert.deepEqual(
    [one.activeBuysMax, one.activeSellsMax, one.expandUpTo, one.expandDownTo],
    [3, 4, 115_000n, null],
  );
  assert.deepEqual(
    [one.balanceAtStart, one.profitCurrency, one.size],
    [false, 'base', { by: 'base', quantity: 2_000_000n }],
  );
  const { exit } = smart('--take-profit', '2:70,4:30', '--stop-loss', '3', '--stop-seconds', '10');
  assert.deepEqual(
    exit?.targets.map(({ share }) => share),
    [70_000_000n, 30_000_000n],
  );
  assert.equal(exit?.stop?.timeoutMs, 10_000);
});

test('every indicator of the engine can be a condition, with numbers or without', () => {
  const read = (text: string) => conditions(new Flags(['--when', text]), 'when');
  const texts = ['rsi(14)@1h<30', 'cci@5m>100', 'mfi@5m<20', 'qfl(10)@1h<-3', 'sma(20)@1m>10', 'ema@1m>10'];
  const more = ['volume@1mx>5', 'turnover(3)@1m>5', 'atr-percent(14)@1d>0.5', 'sma-cross(10,30)@1mx>0'];
  const most = ['ema-cross(5,9)@1mx<0', 'macd(12,26,9)@4hx>0', 'bollinger(20,2.5)@15m<0', 'stochastic@1h<20'];
  const all = [
    ...texts,
    ...more,
    ...most,
    'ultimate(7,14,28)@1h<30',
    'parabolic(0.02,0.2)@1hx>0',
    'heikin-ashi@1h>3',
  ];
  const found = read(all.join(','));
  assert.equal(found.length, all.length);
  const kinds = new Set<string>();
  for (const one of found) {
    assert.ok(one.kind === 'indicator');
    createIndicator(one.indicator);
    kinds.add(one.indicator.kind);
  }
  assert.equal(kinds.size, all.length, 'all different');
  assert.deepEqual(read('macd@1h>0'), read('macd(12,26,9)@1h>0'));
  assert.throws(() => read('macd(12)@1h>0'), /it takes 3 numbers, such as \(12,26,9\)/);
  assert.throws(() => read('toString@1h>0'), /not a condition such as .*indicators are rsi, cci/s);
  assert.throws(() => read('rsi(14)@7m>0'), /timeframes 1m, /);
});

test('shares that fit no target, and numbers finer than the market, are refused with what to change', async (t) => {
  const path = waveFile(t);
  const run = (...args: string[]) => runBacktestCommand(['--data', path, ...args], collectingIo());
  await assert.rejects(run('--take-profit', '1:50,2'), /give every target a share, as in 1:50,2:50/);
  await assert.rejects(run('--take-profit', '1:50,2:40'), /sum to 90 %; they must sum to 100 %/);
  await assert.rejects(run('--take-profit', 'none'), /Nothing would ever close a deal/);
  await assert.rejects(
    run('--bot', 'grid', '--lower', '9000.123', '--upper', '11000'),
    /--lower: 9000\.123 has more than 1 decimals/,
  );
  await assert.rejects(run('--base-order', '100.123456789'), /--base-order: .* more than 8 decimals/);
  await assert.rejects(
    run('--breakeven', 'average'),
    /--breakeven is not known here/,
    'without a stop it does nothing',
  );
});
