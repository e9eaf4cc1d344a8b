import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Amount, Price, Quantity } from '@counterfoil/vocabulary';
import { paperMarket as market } from '../../../tests/_market.ts';
import { lossAtStop } from './open-risk.ts';

/** One BTC at 60,000 USDT. */
const entered = {
  enteredQuantity: 100_000_000n as Quantity,
  enteredAmount: 6_000_000_000_000n as Amount,
  exitedQuantity: 0n as Quantity,
  exitedAmount: 0n as Amount,
  feeBase: 0n as Quantity,
  feeQuote: 0n as Amount,
};
const usdt = (whole: bigint): bigint => whole * 100_000_000n;
const price = (whole: bigint): Price => (whole * 100n) as Price;

test('a position with a stop risks the way to it, on either side', () => {
  assert.equal(lossAtStop(market, 'long', entered, price(57_000n)), usdt(3_000n));
  assert.equal(lossAtStop(market, 'short', entered, price(63_000n)), usdt(3_000n));
});

test('a stop in the gain risks nothing', () => {
  assert.equal(lossAtStop(market, 'long', entered, price(61_000n)), 0n);
  assert.equal(lossAtStop(market, 'short', entered, price(59_000n)), 0n);
});

test('without a stop all that is still in the position counts', () => {
  assert.equal(lossAtStop(market, 'long', entered, null), usdt(60_000n));
  const half = { exitedQuantity: 50_000_000n as Quantity, exitedAmount: usdt(31_000n) as Amount };
  assert.equal(lossAtStop(market, 'long', { ...entered, ...half }, null), usdt(29_000n));
  assert.equal(lossAtStop(market, 'long', { ...entered, ...half }, price(57_000n)), usdt(500n));
});

test('a position that was left risks nothing', () => {
  const left = { exitedQuantity: entered.enteredQuantity, exitedAmount: usdt(10n) as Amount };
  assert.equal(lossAtStop(market, 'long', { ...entered, ...left }, null), 0n);
});
