/**
 * Integer division with the rounding named at the call. All of them throw `DivisorError` unless `divisor` is positive:
 * a zero is a price, quantity or step that nobody knew, and a negative one would turn floor into ceil.
 */

/** How a result that does not fit is made to fit. Never implied: every division names one. */
export type Rounding = 'floor' | 'ceil' | 'toZero' | 'halfEven' | 'halfAwayFromZero' | 'exact';

export class InexactError extends Error {
  override readonly name = 'InexactError';
  readonly code = 'inexact';
}

export class DivisorError extends Error {
  override readonly name = 'DivisorError';
  readonly code = 'bad-divisor';
}

function checkDivisor(divisor: bigint): void {
  if (divisor <= 0n) throw new DivisorError(`a price, quantity or step of ${divisor} cannot divide`);
}

/** Towards −∞. */
export function divFloor(dividend: bigint, divisor: bigint): bigint {
  checkDivisor(divisor);
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}

/** Towards +∞. */
export function divCeil(dividend: bigint, divisor: bigint): bigint {
  checkDivisor(divisor);
  const quotient = dividend / divisor;
  return dividend > 0n && quotient * divisor !== dividend ? quotient + 1n : quotient;
}

/** To the nearest; a tie to the even neighbour (IEEE 754 roundTiesToEven), so that sums do not drift. */
export function divHalfEven(dividend: bigint, divisor: bigint): bigint {
  const floor = divFloor(dividend, divisor);
  const twice = 2n * (dividend - floor * divisor);
  if (twice < divisor) return floor;
  if (twice > divisor) return floor + 1n;
  return (floor & 1n) === 0n ? floor : floor + 1n;
}

/** To the nearest; a tie away from zero, as statements and exchanges print. */
export function divHalfAwayFromZero(dividend: bigint, divisor: bigint): bigint {
  checkDivisor(divisor);
  return dividend < 0n ? -divHalfUp(-dividend, divisor) : divHalfUp(dividend, divisor);
}

function divHalfUp(dividend: bigint, divisor: bigint): bigint {
  return (2n * dividend + divisor) / (2n * divisor);
}

/** Towards zero. */
export function divToZero(dividend: bigint, divisor: bigint): bigint {
  checkDivisor(divisor);
  return dividend / divisor;
}

/** Throws `InexactError` where there is a remainder. */
export function divExact(dividend: bigint, divisor: bigint): bigint {
  checkDivisor(divisor);
  const quotient = dividend / divisor;
  if (quotient * divisor !== dividend) {
    throw new InexactError(`${dividend} / ${divisor} leaves a remainder; name a rounding if that is meant`);
  }
  return quotient;
}

/** `dividend / divisor`, rounded as named. */
export function divide(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  switch (rounding) {
    case 'floor':
      return divFloor(dividend, divisor);
    case 'ceil':
      return divCeil(dividend, divisor);
    case 'toZero':
      return divToZero(dividend, divisor);
    case 'halfEven':
      return divHalfEven(dividend, divisor);
    case 'halfAwayFromZero':
      return divHalfAwayFromZero(dividend, divisor);
    case 'exact':
      return divExact(dividend, divisor);
    default:
      return rounding satisfies never;
  }
}

/** The largest multiple of `step` that is at most `value`. */
export function floorTo(value: bigint, step: bigint): bigint {
  return divFloor(value, step) * step;
}

/** The smallest multiple of `step` that is at least `value`. */
export function ceilTo(value: bigint, step: bigint): bigint {
  return divCeil(value, step) * step;
}
