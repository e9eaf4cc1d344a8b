/**
 * HTTP Message Signatures (RFC 9421) with Ed25519, in the one form that we make and take: method, target URI and, where
 * they are there, the body's digest (RFC 9530), the idempotency key and a webhook's id, in this order.
 */
import { type KeyObject, createHash, sign, verify } from 'node:crypto';

/** What a signature covers. */
export interface SignedMessage {
  readonly method: string;
  /** Absolute, as the other side is addressed. */
  readonly targetUri: string;
  /** Null where there is none. */
  readonly body: Uint8Array | null;
  /** Further headers that are covered, by lower-case name, in the order of signing. */
  readonly headers: readonly (readonly [string, string])[];
}

export interface SignatureParameters {
  /** Seconds since 1970. */
  readonly created: number;
  readonly keyId: string;
  readonly nonce: string;
}

export interface SignatureHeaders {
  readonly 'content-digest'?: string;
  readonly 'signature-input': string;
  readonly signature: string;
}

const LABEL = 'counterfoil';

export function contentDigest(body: Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/** The headers to send along. */
export function signMessage(
  key: KeyObject,
  message: SignedMessage,
  parameters: SignatureParameters,
): SignatureHeaders {
  const list = parameterText(message, parameters);
  const signature = sign(null, signatureBase(message, list), key).toString('base64');
  return {
    ...(message.body === null ? {} : { 'content-digest': contentDigest(message.body) }),
    'signature-input': `${LABEL}=${list}`,
    signature: `${LABEL}=:${signature}:`,
  };
}

// Quoted strings hold no quote and no backslash, so that the text has one reading.
const COVERED = String.raw`\((?:"[a-z@-]+" ?)+\)`;
const PARAMETERS = String.raw`;created=([1-9][0-9]{0,11});keyid="([a-z0-9_.-]{1,81})";nonce="([A-Za-z0-9_-]{16,64})";alg="ed25519"`;
const INPUT = new RegExp(`^counterfoil=${COVERED}${PARAMETERS}$`);
const SIGNATURE = /^counterfoil=:([A-Za-z0-9+/]{86}==):$/;

/** What the sender claims; null where the header is not of our form. Nothing is proven by it yet. */
export function readSignatureInput(given: string): SignatureParameters | null {
  const [, created, keyId, nonce] = INPUT.exec(given) ?? [];
  if (created === undefined || keyId === undefined || nonce === undefined) return null;
  return { created: Number(created), keyId, nonce };
}

/** Whether `key` signed exactly this message under exactly these parameters. */
export function verifyMessage(
  key: KeyObject,
  message: SignedMessage,
  parameters: SignatureParameters,
  headers: { readonly 'signature-input': string; readonly signature: string },
): boolean {
  // What is covered is decided here, not by the sender: another list is another text.
  const list = parameterText(message, parameters);
  const signature = SIGNATURE.exec(headers.signature)?.[1];
  if (headers['signature-input'] !== `${LABEL}=${list}` || signature === undefined) return false;
  return verify(null, signatureBase(message, list), key, Buffer.from(signature, 'base64'));
}

function parameterText(message: SignedMessage, { created, keyId, nonce }: SignatureParameters): string {
  const names = components(message).map(([name]) => `"${name}"`);
  return `(${names.join(' ')});created=${created};keyid="${keyId}";nonce="${nonce}";alg="ed25519"`;
}

function components({ method, targetUri, body, headers }: SignedMessage): (readonly [string, string])[] {
  return [
    ['@method', method],
    ['@target-uri', targetUri],
    ...(body === null ? [] : [['content-digest', contentDigest(body)] as const]),
    ...headers,
  ];
}

function signatureBase(message: SignedMessage, list: string): Buffer {
  const lines = components(message).map(([name, value]) => `"${name}": ${value}`);
  return Buffer.from([...lines, `"@signature-params": ${list}`].join('\n'));
}
