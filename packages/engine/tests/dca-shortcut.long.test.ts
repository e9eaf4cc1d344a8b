import { test } from 'node:test';
import { BTC, dataReason, readCandles } from './_candles.ts';
import { compareShortcut } from './_shortcut.ts';

test('the shortcut equals the machine for ten thousand bots with fills', { timeout: 3_600_000 }, (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const { compared, fills, declined } = compareShortcut(readCandles(BTC, 2, 8), 10_000, 100_000);
  t.diagnostic(`${compared} bots compared, ${fills} fills; ${declined} declined`);
});
