/** Reading a venue's JSON where the manifest points (RFC 6901, without escapes; `*` stands for the asked symbol's key). */
import { type Decimal, fitsPair, normalize, parseDecimal } from '@counterfoil/vocabulary';

export type Json = unknown;

export function parseJson(body: Uint8Array): Json {
  return JSON.parse(Buffer.from(body).toString('utf8')) as Json;
}

/** The value there, or undefined. Only own fields: a venue that says `__proto__` says nothing. */
export function valueAt(json: Json, pointer: string, symbol = ''): Json {
  let value = json;
  for (const step of pointer.split('/').slice(1)) {
    const name = step === '*' ? symbol : step;
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** Digits after the point of what is read: products of two such numbers still fit a decimal. */
const READ_SCALE_MAX = 18;

/** Whether an amount or price fits a leaf, and its products a decimal. */
export function isReadable(value: Decimal): boolean {
  return fitsPair(value) && normalize(value).scale <= READ_SCALE_MAX;
}

/** Throws where `value` is no decimal in text: a JSON number has lost digits already. */
export function decimalOf(value: Json): Decimal {
  const decimal = normalize(parseDecimal(typeof value === 'string' ? value : ''));
  if (!isReadable(decimal)) throw new Error('not an amount or price');
  return decimal;
}

export function decimalAt(json: Json, pointer: string, symbol = ''): Decimal {
  return decimalOf(valueAt(json, pointer, symbol));
}

export function listAt(json: Json, pointer: string, symbol = ''): readonly Json[] {
  const value = valueAt(json, pointer, symbol);
  if (!Array.isArray(value)) throw new Error('no list there');
  return value as readonly Json[];
}
