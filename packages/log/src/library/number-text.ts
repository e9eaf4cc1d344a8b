import { LogError } from './error.ts';

/**
 * A decimal without sign, leading zero or space, up to 2^53 − 1. The formats allow up to 2^63 − 1; a log that large
 * cannot exist yet, and one number type keeps the arithmetic exact.
 */
export function parseDecimal(text: string, what: string): number {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text))
    throw new LogError('bad-number', `${what} is not a plain decimal`);
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new LogError('bad-number', `${what} ${text} is over 2^53 − 1`);
  return value;
}
