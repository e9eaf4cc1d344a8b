import { formatUnits as formatScaled } from '@counterfoil/vocabulary';

/**
 * Amounts and prices on the wire of the paper exchange: eight decimals for every asset, as at the exchange
 * it imitates, held as `bigint` counts of 0.00000001.
 */
const DECIMALS = 8;
export const UNITS_PER_ONE = 100_000_000n;

/** Longer decimals are refused before any arithmetic: the largest real balance needs fewer than 20 digits. */
const DECIMAL = /^(\d{1,20})(?:\.(\d{1,20}))?$/;

export type ParsedUnits =
  | { readonly ok: true; readonly units: bigint }
  | { readonly ok: false; readonly reason: 'malformed' | 'precision' };

/**
 * Reads `12.5` as 1,250,000,000 units. More than eight significant decimals are `precision`, never rounded.
 * Not the vocabulary's parser: the imitated exchange takes leading zeros and no sign.
 */
export function parseUnits(text: string): ParsedUnits {
  const match = DECIMAL.exec(text);
  if (match === null) return { ok: false, reason: 'malformed' };
  const [, whole = '', fraction = ''] = match;
  if (/[^0]/.test(fraction.slice(8))) return { ok: false, reason: 'precision' };
  return { ok: true, units: BigInt(whole) * UNITS_PER_ONE + BigInt(fraction.slice(0, 8).padEnd(8, '0')) };
}

/** Writes 1,250,000,000 units as `12.50000000`, the fixed form of the imitated exchange. */
export function formatUnits(units: bigint): string {
  return formatScaled(units, DECIMALS);
}
