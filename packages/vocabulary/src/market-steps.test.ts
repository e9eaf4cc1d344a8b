import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { price, quantity, spot } from '../tests/_markets.ts';
import type { Market } from './market.ts';
import { withSteps } from './market-steps.ts';

/** The market as its venue states it, with a price step of `tick` units of 10^-`scale`. */
function stepping(tick: bigint, scale: number, lot = spot.lot): Market {
  return { ...spot, tick: price(tick), priceScale: scale, lot };
}

test('a coarser step is taken over in the units that the market is counted in', () => {
  const market = stepping(1n, 2);
  assert.equal(withSteps(market, stepping(1n, 1)).tick, 10n);
  assert.equal(withSteps(market, stepping(5n, 2)).tick, 5n);
  assert.equal(withSteps(market, stepping(1n, 2, quantity(spot.lot * 10n))).lot, spot.lot * 10n);
});

test('a step that is finer than the units becomes the smallest multiple of it that they hold', () => {
  const market = stepping(1n, 2);
  assert.equal(withSteps(market, stepping(1n, 3)).tick, 1n, '0.001 in hundredths');
  assert.equal(withSteps(market, stepping(25n, 4)).tick, 1n, '0.0025 in hundredths: 0.01 is four of them');
  assert.equal(withSteps(market, stepping(15n, 3)).tick, 3n, '0.015 in hundredths: 0.03 is two of them');
});

test('the same steps leave the same market, and limits of orders stay', () => {
  const market = stepping(1n, 2);
  assert.equal(withSteps(market, { ...market }), market);
  const notionalMin = (spot.notionalMin * 3n) as Market['notionalMin'];
  assert.equal(withSteps(market, { ...stepping(1n, 1), notionalMin }).notionalMin, market.notionalMin);
});

test("whatever the venue steps by, a price on the step that is taken over is on the venue's", () => {
  const scale = fc.integer({ min: 0, max: 8 });
  const step = fc.bigInt({ min: 1n, max: 10_000n });
  fc.assert(
    fc.property(scale, step, scale, step, (was, tick, now, today) => {
      const { tick: taken } = withSteps(stepping(tick, was), stepping(today, now));
      assert.equal((taken * 10n ** BigInt(8 - was)) % (today * 10n ** BigInt(8 - now)), 0n);
    }),
  );
});
