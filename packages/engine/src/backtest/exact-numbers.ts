/**
 * Whole-number arithmetic on doubles. A quotient of whole numbers below 2^52 rounds to the right side of every whole
 * number, so `floor` and `ceil` of it are exact; where a product is larger, whole numbers of any length take over.
 * Arguments and results are whole, not negative, and below 2^52 themselves: whoever calls these has seen to that.
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
  return mulDivFloor(value, by.numerator, by.denominator);
}

export function ceilOf(value: number, by: Fraction): number {
  return mulDivCeil(value, by.numerator, by.denominator);
}

/** The whole part of a × b ÷ divisor. */
export function mulDivFloor(a: number, b: number, divisor: number): number {
  const product = a * b;
  return product < EXACT_MAX ? Math.floor(product / divisor) : wideFloor(a, b, divisor);
}

/** a × b ÷ divisor, up to the next whole number. */
export function mulDivCeil(a: number, b: number, divisor: number): number {
  const product = a * b;
  return product < EXACT_MAX ? Math.ceil(product / divisor) : wideCeil(a, b, divisor);
}

/** a × b ÷ divisor to the nearest whole number, a tie to the even neighbour. */
export function mulDivHalfEven(a: number, b: number, divisor: number): number {
  const floor = mulDivFloor(a, b, divisor);
  const product = a * b;
  const twice =
    product < EXACT_MAX
      ? 2 * (product - floor * divisor)
      : 2 * Number(BigInt(a) * BigInt(b) - BigInt(floor) * BigInt(divisor));
  if (twice === divisor) return floor % 2 === 0 ? floor : floor + 1;
  return twice < divisor ? floor : floor + 1;
}

function wideFloor(a: number, b: number, divisor: number): number {
  return Number((BigInt(a) * BigInt(b)) / BigInt(divisor));
}

function wideCeil(a: number, b: number, divisor: number): number {
  const most = BigInt(divisor);
  return Number((BigInt(a) * BigInt(b) + most - 1n) / most);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
