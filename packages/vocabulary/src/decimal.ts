/**
 * Decimal numbers as `units / 10^scale` on bigint: what prices, quantities and amounts are made of at the edges.
 * Inside a market the scale is fixed and only `units` travel (see `market.ts`), which is what makes them fast.
 */
import { type Codec, CodecError, mapped, text } from './codec.ts';
import { type Rounding, divide } from './rounding.ts';

export interface Decimal {
  readonly units: bigint;
  /** Digits after the point, 0 to `SCALE_MAX`. */
  readonly scale: number;
}

/** Ether and most tokens count 18 decimals; products of two such numbers need 36. */
export const SCALE_MAX = 36;

/** Longest decimal string read from outside: far more digits than any balance, far fewer than an attack needs. */
export const DECIMAL_LENGTH_MAX = 80;

export class DecimalError extends Error {
  override readonly name = 'DecimalError';
  readonly code = 'bad-decimal';
}

const powers: readonly bigint[] = Array.from({ length: 2 * SCALE_MAX + 1 }, (_, i) => 10n ** BigInt(i));

function isScale(scale: number): boolean {
  return scale >= 0 && scale <= SCALE_MAX && Number.isInteger(scale);
}

/** Any other scale would silently move digits. */
function checkScale(scale: number): void {
  if (!isScale(scale)) throw new DecimalError(`scale ${scale} is not an integer from 0 to ${SCALE_MAX}`);
}

/** 10^exponent, 0 ≤ exponent ≤ 72. */
export function pow10(exponent: number): bigint {
  const power = powers[exponent];
  if (power === undefined) throw new DecimalError(`10^${exponent} is outside 0 to ${2 * SCALE_MAX}`);
  return power;
}

// No sign but minus, no exponent, no bare point, no leading zeros: one spelling class, so that what is compared as
// text in one place and as a number in another cannot differ in meaning.
const FORM = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

/** Reads `-12.340` as units −12340, scale 3. Throws `DecimalError` for any other spelling. */
export function parseDecimal(source: string): Decimal {
  if (source.length > DECIMAL_LENGTH_MAX) throw new DecimalError(`over ${DECIMAL_LENGTH_MAX} characters`);
  if (!FORM.test(source))
    throw new DecimalError(`${JSON.stringify(source)} is not a plain decimal like 12.34`);
  const point = source.indexOf('.');
  if (point < 0) return { units: BigInt(source), scale: 0 };
  const scale = source.length - point - 1;
  if (scale > SCALE_MAX) throw new DecimalError(`${source} has more than ${SCALE_MAX} decimals`);
  return { units: BigInt(source.slice(0, point) + source.slice(point + 1)), scale };
}

/** Reads a decimal as units of `scale`. Throws `DecimalError` where it has more decimals than that. */
export function parseUnits(source: string, scale: number): bigint {
  checkScale(scale);
  const decimal = parseDecimal(source);
  if (decimal.scale <= scale) return decimal.units * pow10(scale - decimal.scale);
  const divisor = pow10(decimal.scale - scale);
  if (decimal.units % divisor !== 0n) throw new DecimalError(`${source} has more than ${scale} decimals`);
  return decimal.units / divisor;
}

/** All `scale` digits after the point: units −12340, scale 3 is `-12.340`. */
export function formatUnits(units: bigint, scale: number): string {
  checkScale(scale);
  if (scale === 0) return units.toString();
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${negative ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** As `formatUnits`, without zeros at the end: `-12.34`. The form on every wire. */
export function formatTrimmed(units: bigint, scale: number): string {
  const full = formatUnits(units, scale);
  if (scale === 0) return full;
  let end = full.length;
  while (full.charCodeAt(end - 1) === 48) end--;
  if (full.charCodeAt(end - 1) === 46) end--;
  return full.slice(0, end);
}

export function formatDecimal(value: Decimal): string {
  return formatTrimmed(value.units, value.scale);
}

/** The same value at another scale; a rounding is needed where digits are dropped. */
export function rescale(value: Decimal, scale: number, rounding: Rounding): Decimal {
  return { units: rescaleUnits(value.units, value.scale, scale, rounding), scale };
}

/** As `rescale`, on units: `from` and `to` are scales. */
export function rescaleUnits(units: bigint, from: number, to: number, rounding: Rounding): bigint {
  checkScale(from);
  checkScale(to);
  return to >= from ? units * pow10(to - from) : divide(units, pow10(from - to), rounding);
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: a.units * pow10(scale - a.scale) + b.units * pow10(scale - b.scale), scale };
}

export function negate(value: Decimal): Decimal {
  return { units: -value.units, scale: value.scale };
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, negate(b));
}

/** Exact: scales add up. Throws `DecimalError` beyond `SCALE_MAX`; rescale first. */
export function multiply(a: Decimal, b: Decimal): Decimal {
  const scale = a.scale + b.scale;
  if (scale > SCALE_MAX) throw new DecimalError(`a product of scale ${scale} exceeds ${SCALE_MAX}`);
  return { units: a.units * b.units, scale };
}

/** `a / b` at `scale`, rounded as named. Throws `DecimalError` on division by zero. */
export function quotient(a: Decimal, b: Decimal, scale: number, rounding: Rounding): Decimal {
  checkScale(scale);
  if (b.units === 0n) throw new DecimalError('division by zero');
  const shift = scale + b.scale - a.scale;
  const sign = b.units < 0n ? -1n : 1n;
  const dividend = sign * (shift >= 0 ? a.units * pow10(shift) : a.units);
  const divisor = sign * (shift >= 0 ? b.units : b.units * pow10(-shift));
  return { units: divide(dividend, divisor, rounding), scale };
}

/** Negative, zero or positive as a is less than, equal to or greater than b, whatever their scales. */
export function compare(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const left = a.units * pow10(scale - a.scale);
  const right = b.units * pow10(scale - b.scale);
  return left < right ? -1 : left > right ? 1 : 0;
}

export function isZero(value: Decimal): boolean {
  return value.units === 0n;
}

/** A decimal without needless zeros, so that equal values are equal structures. */
export function normalize(value: Decimal): Decimal {
  let { units, scale } = value;
  checkScale(scale);
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale--;
  }
  return { units, scale };
}

/** Decimal string on the wire. */
export const decimalText: Codec<Decimal> = mapped(
  text(DECIMAL_LENGTH_MAX, undefined, 1),
  parseDecimal,
  formatDecimal,
  'a plain decimal like "12.34"',
);

/** Largest units in a packed pair: they must fit eight bytes. */
export const PAIR_UNITS_MAX = 2n ** 64n - 1n;

/**
 * `[units, scale]` on the wire, normalized, not negative: the short form inside a leaf. 20 digits at most, which
 * `fitsPair` tells beforehand.
 */
export const decimalPair: Codec<Decimal> = {
  encode: (value, path) => {
    if (!fitsPair(value)) throw new CodecError(path, `a decimal from 0 to ${PAIR_UNITS_MAX} units`);
    const { units, scale } = normalize(value);
    return [units <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(units) : units, scale];
  },
  decode: (plain, path) => {
    const [units, scale, ...rest] = Array.isArray(plain) ? (plain as unknown[]) : [];
    const whole = Number.isSafeInteger(units) ? BigInt(units as number) : units;
    if (typeof whole !== 'bigint' || typeof scale !== 'number' || rest.length > 0)
      throw new CodecError(path, '[units, scale]');
    const value = { units: whole, scale };
    if (!fitsPair(value)) throw new CodecError(path, `[units, scale] from 0 to ${PAIR_UNITS_MAX} units`);
    if (normalize(value).scale !== scale) throw new CodecError(path, '[units, scale] without needless zeros');
    return value;
  },
};

/** Whether a decimal can be written as a packed pair. */
export function fitsPair(value: Decimal): boolean {
  if (!isScale(value.scale)) return false;
  const { units } = normalize(value);
  return units >= 0n && units <= PAIR_UNITS_MAX;
}
