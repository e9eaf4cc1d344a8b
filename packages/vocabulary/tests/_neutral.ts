/**
 * A decoded message in JSON that any language can compare: byte strings as hex, decimals as text, integers beyond
 * 2^53 − 1 as text.
 */
import { formatDecimal } from '../src/index.ts';

export type Neutral =
  | null
  | boolean
  | number
  | string
  | readonly Neutral[]
  | { readonly [name: string]: Neutral };

export function toNeutral(value: unknown): Neutral {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(toNeutral);
  if (typeof value !== 'object') throw new TypeError(`${typeof value} has no neutral form`);
  const { units, scale } = value as { units?: unknown; scale?: unknown };
  if (typeof units === 'bigint' && typeof scale === 'number') return formatDecimal({ units, scale });
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toNeutral(field)]));
}

/** Names of the fields in which two neutral values differ, as paths. */
export function differences(seen: Neutral, expected: Neutral, path = ''): string[] {
  if (isFields(seen) && isFields(expected)) {
    const names = new Set([...Object.keys(seen), ...Object.keys(expected)]);
    return [...names].flatMap((name) =>
      differences(seen[name] ?? null, expected[name] ?? null, path === '' ? name : `${path}.${name}`),
    );
  }
  return JSON.stringify(seen) === JSON.stringify(expected) ? [] : [path];
}

function isFields(value: Neutral): value is { readonly [name: string]: Neutral } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
