/** Amounts and prices as they arrive, decimal text, made readable; nothing is computed with them. */

/** Thousands apart, decimals as they came: `61240.5` is `61 240.5` with narrow spaces. */
export function grouped(decimal: string): string {
  const [whole = '', rest] = decimal.split('.');
  const parted = whole.replace(/\B(?=(?:\d{3})+$)/gu, ' ');
  return rest === undefined ? parted : `${parted}.${rest}`;
}

/** At most `decimals` digits after the point, cut and not rounded: a shown amount is never more than there is. */
export function cut(decimal: string, decimals: number): string {
  const [whole = '', rest = ''] = decimal.split('.');
  return rest === '' || decimals === 0 ? whole : `${whole}.${rest.slice(0, decimals)}`;
}

/** At most `decimals` digits after the point, upwards: what is said to be enough is never less than what is needed. */
export function raised(decimal: string, decimals: number): string {
  const [whole = '', rest = ''] = decimal.split('.');
  if (/^0*$/u.test(rest.slice(decimals))) return cut(decimal, decimals);
  const units = String(BigInt(whole + rest.slice(0, decimals)) + 1n).padStart(decimals + 1, '0');
  return decimals === 0 ? units : `${units.slice(0, -decimals)}.${units.slice(-decimals)}`;
}

/** Digits after the point that a column of these needs for its points to stand under each other. */
export function digitsOf(decimals: readonly (string | null)[]): number {
  return Math.max(0, ...decimals.map((decimal) => decimal?.split('.')[1]?.length ?? 0));
}

/** `grouped`, with zeros up to `digits` after the point. */
export function aligned(decimal: string, digits: number): string {
  const [whole = '', rest = ''] = decimal.split('.');
  return grouped(digits === 0 ? whole : `${whole}.${rest.padEnd(digits, '0')}`);
}
