/**
 * The wire check: a request that the builder made is sent only if every byte of it is explained by the intent and
 * the manifest. The builder is not trusted; neither is its reading of its own text, so the text is read here, in one
 * canonical spelling, and what is signed is what was read.
 */
import { compare, parseDecimal, type Decimal } from '@counterfoil/vocabulary';
import type { BuildMethod, WireRequest } from '@counterfoil/vocabulary/protocol';
import type { Manifest, MethodRule, ParameterRule } from './manifest.ts';

/** What the gate knows about a request before it is built. */
export interface Expected {
  readonly manifest: Manifest;
  readonly origin: string;
  readonly method: BuildMethod;
  readonly atMs: number;
  readonly apiKeyPlaceholder: string;
  /** As it stands in the text: base64, percent-encoded. */
  readonly signaturePlaceholder: string;
}

/** A request that may be sent, once `signedText` is signed and the real values are put in. */
export interface CheckedRequest {
  readonly method: string;
  /** Path and query, without the signature. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signedText: string;
  readonly place: 'query' | 'body';
}

export class WireCheckError extends Error {
  override readonly name = 'WireCheckError';
  readonly code = 'wire-check';
}

function refuse(what: string): never {
  // The offending value is not repeated: it came from an untrusted process and might hold anything.
  throw new WireCheckError(what);
}

/** Throws `WireCheckError` naming the part that intent and manifest do not explain. */
export function checkWire(request: WireRequest, expected: Expected): CheckedRequest {
  const rule = expected.manifest.methods[expected.method.kind];
  if (request.method !== rule.method) refuse('the HTTP method is another one');
  const parameters = parametersText(request, rule, expected.origin);
  const { manifest } = expected;
  const tail = `&${manifest.signatureParameter}=${expected.signaturePlaceholder}`;
  if (!parameters.endsWith(tail)) refuse('the signature is not in its place');
  const signedText = parameters.slice(0, -tail.length);
  checkParameters(signedText, rule, expected);
  return {
    method: rule.method,
    path: rule.path,
    headers: checkHeaders(request.headers, rule, expected),
    signedText,
    place: rule.place,
  };
}

/** The text that holds the parameters; everything around it must be exactly the manifest's. */
function parametersText(request: WireRequest, rule: MethodRule, origin: string): string {
  const address = `${origin}${rule.path}`;
  if (rule.place === 'body') {
    if (request.url !== address) refuse('the address is another one');
    return request.body;
  }
  if (request.body !== '') refuse('a body where none belongs');
  if (!request.url.startsWith(`${address}?`)) refuse('the address is another one');
  return request.url.slice(address.length + 1);
}

/** The headers to send besides the key's: every one that a body needs, and none that the manifest does not name. */
function checkHeaders(
  headers: WireRequest['headers'],
  rule: MethodRule,
  { manifest, apiKeyPlaceholder }: Expected,
): Readonly<Record<string, string>> {
  const seen = new Map<string, string>();
  for (const [name, value, ...rest] of headers) {
    if (name === undefined || value === undefined || rest.length > 0) refuse('a header is not a pair');
    if (seen.has(name)) refuse('a header twice');
    seen.set(name, value);
    const named = name === manifest.apiKeyHeader ? apiKeyPlaceholder : manifest.headers[name];
    if (value !== named) refuse('a header that the manifest does not name');
  }
  if (!seen.delete(manifest.apiKeyHeader)) refuse('the key header is missing');
  if (rule.place === 'body' && seen.size < Object.keys(manifest.headers).length)
    refuse('a header is missing');
  return Object.fromEntries(seen);
}

function checkParameters(signedText: string, rule: MethodRule, expected: Expected): void {
  const seen = new Set<string>();
  for (const pair of signedText.split('&')) {
    const equals = pair.indexOf('=');
    if (equals < 1) refuse('a parameter without name or value');
    const name = pair.slice(0, equals);
    if (!Object.hasOwn(rule.parameters, name)) refuse('a parameter that the manifest does not name');
    if (seen.has(name)) refuse(`parameter ${name} twice`);
    seen.add(name);
    if (!explained(decoded(pair.slice(equals + 1)), rule.parameters[name] as ParameterRule, expected)) {
      refuse(`parameter ${name} is not what was asked`);
    }
  }
  for (const [name, parameter] of Object.entries(rule.parameters)) {
    if (!seen.has(name) && isAsked(parameter, expected.method)) refuse(`parameter ${name} is missing`);
  }
}

/** One spelling only: a value that decodes and encodes to something else could be read in two ways. */
function decoded(value: string): string {
  let plain: string;
  try {
    plain = decodeURIComponent(value);
  } catch {
    refuse('a percent-encoding that is none');
  }
  if (encodeURIComponent(plain) !== value) refuse('a value in a second spelling');
  return plain;
}

function explained(value: string, rule: ParameterRule, expected: Expected): boolean {
  const { method } = expected;
  const order = method.kind === 'orderCreate' ? method : null;
  switch (rule.from) {
    case 'symbol':
      return 'symbol' in method && value === method.symbol;
    case 'clientOrderId':
      return 'clientOrderId' in method && value === method.clientOrderId;
    case 'time':
      return value === String(expected.atMs);
    case 'window':
      return value === String(expected.manifest.validMs);
    case 'side':
      return order !== null && value === rule.words[order.side];
    case 'type':
      return order !== null && value === rule.words[order.type];
    case 'timeInForce':
      return order !== null && order.timeInForce !== null && value === rule.words[order.timeInForce];
    case 'price':
      return order !== null && order.price !== null && sameDecimal(value, order.price);
    case 'baseAmount':
      return order !== null && order.sizedBy === 'base' && sameDecimal(value, order.amount);
    case 'quoteAmount':
      return order !== null && order.sizedBy === 'quote' && sameDecimal(value, order.amount);
    case 'constant':
      return rule.words.includes(value);
    default:
      return rule satisfies never;
  }
}

function sameDecimal(value: string, asked: Decimal): boolean {
  try {
    return compare(parseDecimal(value), asked) === 0;
  } catch {
    return false;
  }
}

/** Whether the intent has a value that this parameter must carry: nothing that was asked may be left out. */
function isAsked(rule: ParameterRule, method: BuildMethod): boolean {
  if (method.kind !== 'orderCreate') return true;
  if (rule.from === 'timeInForce') return method.timeInForce !== null;
  if (rule.from === 'price') return method.price !== null;
  if (rule.from === 'baseAmount') return method.sizedBy === 'base';
  if (rule.from === 'quoteAmount') return method.sizedBy === 'quote';
  return true;
}
