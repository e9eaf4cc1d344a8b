import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyPositive, anyRounding, anyUnits, Oracle, oracleUnits } from '../tests/_oracle.ts';
import {
  type Rounding,
  ceilTo,
  divCeil,
  divExact,
  divFloor,
  divHalfAwayFromZero,
  divHalfEven,
  divide,
  DivisorError,
  divToZero,
  floorTo,
  InexactError,
} from './rounding.ts';

/** Any quotient, and as often one on a tie or next to it, where roundings differ. */
const anyDivision = fc.oneof(
  fc.tuple(anyUnits, anyPositive),
  fc
    .tuple(anyUnits, anyPositive, fc.constantFrom(-1n, 0n, 1n))
    .map(([whole, half, off]): [bigint, bigint] => [whole * 2n * half + half + off, 2n * half]),
);

/** The property itself, for any division, so that a wrong one can be planted. */
function agreesWithDecimalJs(division: typeof divide) {
  return fc.property(anyDivision, anyRounding, ([dividend, divisor], rounding) => {
    const exact = new Oracle(dividend.toString()).div(divisor.toString());
    assert.equal(division(dividend, divisor, rounding), oracleUnits(exact, 0, rounding));
  });
}

test('every rounding agrees with decimal.js, on ties too', () => {
  fc.assert(agreesWithDecimalJs(divide), { numRuns: 10_000 });
});

test('the comparison with decimal.js catches each rounding that is swapped for another', () => {
  const roundings = ['floor', 'ceil', 'toZero', 'halfEven', 'halfAwayFromZero'] as const;
  for (const named of roundings) {
    for (const done of roundings.filter((other) => other !== named)) {
      const planted = (a: bigint, b: bigint, rounding: Rounding) =>
        divide(a, b, rounding === named ? done : rounding);
      const { failed } = fc.check(agreesWithDecimalJs(planted), { numRuns: 2_000, endOnFailure: true });
      assert.ok(failed, `${done} in place of ${named} went unseen`);
    }
  }
});

test('ties of both signs go where the rounding says', () => {
  const at = (rounding: Rounding) => [-25n, -15n, -5n, 5n, 15n, 25n].map((x) => divide(x, 10n, rounding));
  assert.deepEqual(at('floor'), [-3n, -2n, -1n, 0n, 1n, 2n]);
  assert.deepEqual(at('ceil'), [-2n, -1n, 0n, 1n, 2n, 3n]);
  assert.deepEqual(at('toZero'), [-2n, -1n, 0n, 0n, 1n, 2n]);
  assert.deepEqual(at('halfEven'), [-2n, -2n, 0n, 0n, 2n, 2n]);
  assert.deepEqual(at('halfAwayFromZero'), [-3n, -2n, -1n, 1n, 2n, 3n]);
});

test('exact division gives the quotient or refuses, and never rounds', () => {
  fc.assert(
    fc.property(anyUnits, anyPositive, (whole, divisor) => {
      assert.equal(divide(whole * divisor, divisor, 'exact'), whole);
      if (divisor > 1n) assert.throws(() => divide(whole * divisor + 1n, divisor, 'exact'), InexactError);
    }),
  );
});

test('a divisor of zero or less is refused by every division', () => {
  for (const division of [
    divFloor,
    divCeil,
    divToZero,
    divHalfEven,
    divHalfAwayFromZero,
    divExact,
    floorTo,
    ceilTo,
  ]) {
    assert.throws(() => division(10n, 0n), DivisorError);
    assert.throws(() => division(10n, -4n), DivisorError);
  }
  // Unchecked, a negative divisor turns floor into ceil: 10 / -4 = -2.5, and this is not -3.
  assert.equal(10n / -4n, -2n);
});

test('floorTo and ceilTo give the multiples on either side', () => {
  fc.assert(
    fc.property(anyUnits, anyPositive, (value, step) => {
      const below = floorTo(value, step);
      const above = ceilTo(value, step);
      assert.equal(below % step, 0n);
      assert.equal(above % step, 0n);
      assert.ok(below <= value && value - below < step);
      assert.ok(above >= value && above - value < step);
    }),
  );
});
