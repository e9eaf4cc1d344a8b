import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BTC, dataReason, readCandles, XMR } from './_candles.ts';
import { compareDca } from './_equality.ts';

test('jumping from event to event equals walking every candle, fill for fill, for random DCA bots', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const candles = readCandles(BTC, 2, 8);
  const { fills, pairs, seeds } = compareDca(candles, 250, 1);
  t.diagnostic(`250 bots with fills out of ${seeds}, ${fills} fills, ${pairs.size} option pairs`);
  assert.ok(fills > 1_000);
});

test('the same holds on a thin market with holes of hours', (t) => {
  if (dataReason !== undefined) return t.skip(dataReason);
  const { fills, seeds } = compareDca(readCandles(XMR, 2, 8), 60, 1);
  t.diagnostic(`60 bots with fills out of ${seeds}, ${fills} fills`);
  assert.ok(fills > 300);
});
