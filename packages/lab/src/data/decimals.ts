/** Decimals of a written number that say something: an archive writes 61837.63 as 61837.63000000. */
export function decimalsOf(cell: string): number {
  const text = cell.trim();
  const point = text.indexOf('.');
  if (point < 0) return 0;
  let end = text.length;
  while (text[end - 1] === '0') end--;
  return end - point - 1;
}

/**
 * How many decimals most prices fit in, given how many have 0, 1, 2 … decimals. Of prices in steps of 0.01 only some
 * one in ten would fit in 0.1; half leaves room for recordings in which a venue averaged some of its prices.
 */
export function usualDecimals(counts: readonly number[]): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  let usual = 0;
  for (let fitting = counts[0] ?? 0; fitting < 0.5 * all && usual < counts.length - 1;)
    fitting += counts[++usual] ?? 0;
  return usual;
}
