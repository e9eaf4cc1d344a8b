import { test } from 'node:test';
import { BTC, dataReason, readCandles } from './_candles.ts';
import { compareDca } from './_equality.ts';

test('jumping equals walking for ten thousand random DCA bots with fills', { timeout: 3_600_000 }, (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const candles = readCandles(BTC, 2, 8);
  const { fills, pairs, seeds } = compareDca(candles, 10_000, 100_000);
  const least = Math.min(...pairs.values());
  t.diagnostic(
    `10000 bots with fills out of ${seeds}, ${fills} fills; ${pairs.size} option pairs, each at least ${least} times`,
  );
});
