import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_MARKET } from '../src/paper/default-market.ts';
import { openMarket } from '../src/paper/core/market.ts';
import { syntheticPast } from '../src/paper/rest/synthetic-past.ts';

const AT = 1_763_724_000_000;

function tradedMarket(source: 'synthetic' | 'recorded', symbol = 'BTCUSDT') {
  const market = openMarket({ ...DEFAULT_MARKET, source, symbol });
  market.tape.record({
    ticks: 6_200_000,
    lots: 10,
    quoteUnits: 1n,
    at: AT,
    isBuyerMaker: false,
    takerOrderId: 1,
  });
  return market;
}

test('a synthetic market has a past without gaps that ends where its own candles begin', () => {
  const past = syntheticPast(tradedMarket('synthetic'));
  assert.equal(past.length, 2_880);
  assert.equal(past.at(-1)?.openAt, AT - 60_000);
  assert.equal(past.at(-1)?.closeTicks, 6_200_000);
  past.forEach((candle, at) => {
    const before = past[at - 1];
    if (before !== undefined) {
      assert.equal(candle.openAt - before.openAt, 60_000);
      assert.equal(candle.openTicks, before.closeTicks);
    }
    assert.ok(candle.lowTicks > 0 && candle.lowTicks <= Math.min(candle.openTicks, candle.closeTicks));
    assert.ok(candle.highTicks >= Math.max(candle.openTicks, candle.closeTicks));
  });
});

test('the same market has the same past every time, and another market another one', () => {
  const closes = (symbol: string) =>
    syntheticPast(tradedMarket('synthetic', symbol)).map(({ closeTicks }) => closeTicks);
  assert.deepEqual(closes('BTCUSDT'), closes('BTCUSDT'));
  assert.notDeepEqual(closes('BTCUSDT'), closes('ETHUSDT'));
});

test('real data has no invented past, and neither has a market without a trade', () => {
  assert.deepEqual(syntheticPast(tradedMarket('recorded')), []);
  assert.deepEqual(syntheticPast(openMarket(DEFAULT_MARKET)), []);
});
