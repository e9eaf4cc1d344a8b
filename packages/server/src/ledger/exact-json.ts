/**
 * JSON that keeps whole numbers whole: a `bigint` is the text `#` and its digits, and a text that begins with `#` gets
 * another one, so that no text is taken for a number.
 */
export type ExactJson = string & { readonly exact: unique symbol };

export function toExactJson(value: unknown): ExactJson {
  // The only place where the brand is made.
  return JSON.stringify(value, write) as ExactJson;
}

export function fromExactJson(source: string): unknown {
  return JSON.parse(source, read);
}

function write(_name: string, value: unknown): unknown {
  if (typeof value === 'bigint') return `#${value}`;
  return typeof value === 'string' && value.startsWith('#') ? `#${value}` : value;
}

function read(_name: string, value: unknown): unknown {
  if (typeof value !== 'string' || !value.startsWith('#')) return value;
  return value.startsWith('##') ? value.slice(1) : BigInt(value.slice(1));
}
