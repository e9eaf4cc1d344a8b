/** decimal.js as the independent judge of our arithmetic. */
import { Decimal as Default } from 'decimal.js';
import fc from 'fast-check';
import { type Decimal, type Rounding, SCALE_MAX } from '../src/index.ts';

/**
 * decimal.js keeps 20 significant digits unless told otherwise and drops the rest without a word. A quotient of the
 * numbers below that ends at all ends within 400 digits; one that does not is never within 10^-400 of a tie.
 */
export const Oracle = Default.clone({
  precision: 600,
  rounding: Default.ROUND_DOWN,
  toExpNeg: -900,
  toExpPos: 900,
});
export type Oracle = InstanceType<typeof Oracle>;

export type InexactRounding = Exclude<Rounding, 'exact'>;

export const oracleRounding: Readonly<Record<InexactRounding, Default.Rounding>> = {
  floor: Default.ROUND_FLOOR,
  ceil: Default.ROUND_CEIL,
  toZero: Default.ROUND_DOWN,
  halfEven: Default.ROUND_HALF_EVEN,
  halfAwayFromZero: Default.ROUND_HALF_UP, // decimal.js's "half up" goes away from zero
};

/** The value of `units / 10^scale`. */
export function oracleOf(units: bigint, scale: number): Oracle {
  return new Oracle(units.toString()).div(new Oracle(10).pow(scale));
}

/** `value` in units of 10^-scale, rounded. */
export function oracleUnits(value: Oracle, scale: number, rounding: InexactRounding): bigint {
  return BigInt(
    value.times(new Oracle(10).pow(scale)).toDecimalPlaces(0, oracleRounding[rounding]).toFixed(0),
  );
}

export const anyRounding: fc.Arbitrary<InexactRounding> = fc.constantFrom(
  'floor',
  'ceil',
  'toZero',
  'halfEven',
  'halfAwayFromZero',
);

export const anyScale: fc.Arbitrary<number> = fc.integer({ min: 0, max: SCALE_MAX });

/** Units of every length up to 40 digits, either sign, small ones and powers of ten as often as long ones. */
export const anyUnits: fc.Arbitrary<bigint> = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.boolean())
  .map(([digits, seed, negative]) => {
    const units = seed % 10n ** BigInt(digits);
    return negative ? -units : units;
  });

export const anyPositive: fc.Arbitrary<bigint> = anyUnits.map((units) => (units < 0n ? -units : units) + 1n);

export const anyDecimal: fc.Arbitrary<Decimal> = fc.record({ units: anyUnits, scale: anyScale });
