import { test } from 'node:test';
import { BTC, dataReason, readCandles } from './_candles.ts';
import { btc } from './_markets.ts';
import { compareShortcut, finely } from './_shortcut.ts';

test(
  'the shortcut equals the machine for ten thousand bots, a third of them on prices with eight decimals',
  {
    timeout: 3_600_000,
  },
  (t) => {
    if (dataReason !== undefined) return t.skip(dataReason);
    for (const { market, count } of [
      { market: btc, count: 6_667 },
      { market: finely(btc), count: 3_333 },
    ]) {
      const ground = { candles: readCandles(BTC, market.priceScale, 8), market };
      const { compared, fills, declined } = compareShortcut(ground, count, 100_000);
      t.diagnostic(`${market.priceScale} decimals: ${compared} bots, ${fills} fills; ${declined} declined`);
    }
  },
);
