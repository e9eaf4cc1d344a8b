import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readTrade } from '../src/public/binance-frames.ts';

/** A trade as the exchange writes it; `t` counts from 1 in a market that has just opened. */
function frame(symbol: string, id: number): string {
  return (
    `{"e":"trade","E":1723075200123,"s":"${symbol}","t":${id},"p":"61732.03000000",` +
    '"q":"0.00100000","T":1723075200122,"m":true,"M":true}'
  );
}

test('a trade names its market, however short what follows is', () => {
  for (const id of [1, 12, 3_133, 3_714_512_345]) {
    for (const symbol of ['BTCUSDT', 'A', '1000SATSUSDT']) {
      assert.deepEqual(readTrade(frame(symbol, id)), {
        symbol,
        id,
        priceUnits: 6_173_203_000_000n,
        quantityUnits: 100_000n,
        at: 1_723_075_200_122,
        isBuyerMaker: true,
      });
    }
  }
});

test('a trade without a market is no trade', () => {
  assert.equal(readTrade(frame('', 7)), null);
  assert.equal(readTrade(frame('X'.repeat(25), 7)), null);
});
