/**
 * Whole-number arithmetic on doubles. A quotient of whole numbers below 2^52 rounds to the right side of every
 * whole number, so `floor` and `ceil` of it are exact; whoever calls these has proven that bound.
 */
export const EXACT_MAX = 2 ** 52;

/** A rate as the smallest fraction, so that products stay small. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

export function fraction(numerator: number, denominator: number): Fraction {
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export function floorOf(value: number, by: Fraction): number {
  return Math.floor((value * by.numerator) / by.denominator);
}

export function ceilOf(value: number, by: Fraction): number {
  return Math.ceil((value * by.numerator) / by.denominator);
}

/** To the nearest, a tie to the even neighbour. */
export function divideHalfEven(dividend: number, divisor: number): number {
  const floor = Math.floor(dividend / divisor);
  const twice = 2 * (dividend - floor * divisor);
  if (twice === divisor) return floor % 2 === 0 ? floor : floor + 1;
  return twice < divisor ? floor : floor + 1;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
