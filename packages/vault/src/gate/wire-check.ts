/**
 * The wire check: a request that the builder made is sent only if every byte of it is explained by the intent and
 * the manifest. The builder is not trusted; neither is its reading of its own text, so the text is read here, in one
 * canonical spelling, and what is signed is what was read.
 */
import type { WireRequest } from '@counterfoil/vocabulary/protocol';
import type { Manifest, MethodRule } from './manifest.ts';
import type { RequestPlan } from './request-plan.ts';

/** What the gate knows about a request before it is built. */
export interface Expected {
  readonly manifest: Manifest;
  readonly origin: string;
  readonly plan: RequestPlan;
  readonly apiKeyPlaceholder: string;
  /** As it stands in the request: hex or base64, and percent-encoded where it is a parameter. */
  readonly signaturePlaceholder: string;
}

/** A request that may be sent, once it is signed and the real values are put in. */
export interface CheckedRequest {
  readonly plan: RequestPlan;
  /** The parameters as they stand in the request, without the signature. */
  readonly text: string;
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
  const { plan, origin } = expected;
  const { rule } = plan;
  if (request.method !== rule.method) refuse('the HTTP method is another one');
  const text = withoutSignature(parametersText(request, rule, origin), expected);
  checkParameters(text, plan.parameters);
  checkHeaders(request.headers, rule, expected);
  return { plan, text };
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

function withoutSignature(parameters: string, { manifest, signaturePlaceholder }: Expected): string {
  if (manifest.signing.form !== 'tail') return parameters;
  const tail = `&${manifest.signing.parameter}=${signaturePlaceholder}`;
  if (!parameters.endsWith(tail)) refuse('the signature is not in its place');
  return parameters.slice(0, -tail.length);
}

/** Exactly the headers of the manifest, each once, with key and signature as their placeholders. */
function checkHeaders(
  headers: WireRequest['headers'],
  rule: MethodRule,
  { manifest, apiKeyPlaceholder, signaturePlaceholder }: Expected,
): void {
  const wanted = new Map(rule.place === 'body' ? Object.entries(manifest.headers) : []);
  wanted.set(manifest.apiKeyHeader, apiKeyPlaceholder);
  if (manifest.signing.form === 'path-and-hash') wanted.set(manifest.signing.header, signaturePlaceholder);
  for (const [name, value, ...rest] of headers) {
    if (name === undefined || value === undefined || rest.length > 0) refuse('a header is not a pair');
    if (wanted.get(name) !== value) refuse('a header that the manifest does not name, or twice');
    wanted.delete(name);
  }
  if (wanted.size > 0) refuse('a header is missing');
}

/** Each parameter once, in the one spelling of the one value that it must have; none missing and none besides. */
function checkParameters(text: string, parameters: ReadonlyMap<string, string>): void {
  const wanted = new Map(parameters);
  for (const pair of text.split('&')) {
    const equals = pair.indexOf('=');
    if (equals < 1) refuse('a parameter without name or value');
    const name = pair.slice(0, equals);
    const value = wanted.get(name);
    if (value === undefined) refuse('a parameter that nothing explains, or twice');
    if (pair.slice(equals + 1) !== encodeURIComponent(value))
      refuse(`parameter ${name} is not what was asked`);
    wanted.delete(name);
  }
  for (const name of wanted.keys()) refuse(`parameter ${name} is missing`);
}
