/** The signature of a checked request, made by the key's `KeyObject`; the secret itself is never read. */
import { type KeyObject, createHash, createHmac, sign } from 'node:crypto';
import type { KeyType } from '@counterfoil/vocabulary/protocol';
import type { Manifest } from './manifest.ts';
import type { CheckedRequest } from './wire-check.ts';

export function keyTypeOf(secret: KeyObject): KeyType {
  if (secret.type === 'secret') return 'hmac';
  return secret.asymmetricKeyType === 'rsa' ? 'rsa' : 'ed25519';
}

/** How many bytes a signature has: the placeholder has as many, so that the request has its final length. */
export function signatureBytes({ signing }: Manifest, secret: KeyObject): number {
  const type = keyTypeOf(secret);
  if (type === 'hmac') return signing.form === 'tail' ? 32 : 64;
  return type === 'rsa' ? (secret.asymmetricKeyDetails?.modulusLength ?? 0) / 8 : 64;
}

/** A signature, or the placeholder for one, as it stands in a request. */
export function spelled({ signing }: Manifest, type: KeyType, signature: Uint8Array): string {
  const bytes = Buffer.from(signature);
  if (signing.form !== 'tail') return bytes.toString('base64');
  return type === 'hmac' ? bytes.toString('hex') : encodeURIComponent(bytes.toString('base64'));
}

/** A signature outside a request, where nothing is percent-encoded. */
export function spelledPlain(secret: KeyObject, signature: Buffer): string {
  return signature.toString(keyTypeOf(secret) === 'hmac' ? 'hex' : 'base64');
}

/** Ed25519 hashes inside; RSA is PKCS #1 v1.5 with SHA-256. */
export function signBytes(secret: KeyObject, hash: 'sha256' | 'sha512', bytes: Uint8Array): Buffer {
  const type = keyTypeOf(secret);
  if (type === 'hmac') return createHmac(hash, secret).update(bytes).digest();
  return sign(type === 'rsa' ? 'sha256' : null, bytes, secret);
}

export interface SignedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Puts key and signature into their places, and nowhere else. */
export function signRequest(
  manifest: Manifest,
  { plan, text }: CheckedRequest,
  key: { readonly secret: KeyObject; readonly apiKeyId: Buffer | null },
): SignedRequest {
  if (key.apiKeyId === null) throw new Error('a key without its id');
  const { signing } = manifest;
  const { path, place } = plan.rule;
  const headers: Record<string, string> = place === 'body' ? { ...manifest.headers } : {};
  headers[manifest.apiKeyHeader] = key.apiKeyId.toString('latin1');
  const type = keyTypeOf(key.secret);
  let parameters = text;
  if (signing.form === 'tail') {
    const signature = spelled(manifest, type, signBytes(key.secret, 'sha256', Buffer.from(text)));
    parameters = `${text}&${signing.parameter}=${signature}`;
  } else {
    const hashed = createHash('sha256')
      .update(`${plan.parameters.get(signing.nonce)}${text}`)
      .digest();
    const signature = signBytes(key.secret, 'sha512', Buffer.concat([Buffer.from(path), hashed]));
    headers[signing.header] = spelled(manifest, type, signature);
  }
  return place === 'body'
    ? { path, headers, body: parameters }
    : { path: `${path}?${parameters}`, headers, body: '' };
}
