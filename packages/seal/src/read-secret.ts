/** What a person pastes, as bytes that the vault takes. Bytes all the way: text cannot be filled with zeros. */
import { type SealedSecret, bytesFromBase64 } from '@counterfoil/vocabulary';

/** What was pasted is no key of a kind that the vault knows. */
export class SecretFormError extends Error {
  override readonly name = 'SecretFormError';
  readonly code = 'secret-form';
}

const HEAD = ascii('-----BEGIN PRIVATE KEY-----');
const FOOT = ascii('-----END PRIVATE KEY-----');
const RSA = [0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const ED25519 = [0x06, 0x03, 0x2b, 0x65, 0x70];
/** An algorithm's name stands within the first bytes of PKCS #8. */
const NAMED_WITHIN = 32;

/**
 * A private key in PEM (PKCS #8) or an HMAC secret, without the white space around it. Fills `pasted` with zeros.
 * Throws `SecretFormError`.
 */
export function readSecret(pasted: Uint8Array): Pick<SealedSecret, 'type' | 'secret'> {
  try {
    const text = trimmed(pasted);
    const foot = indexOf(text, FOOT);
    if (indexOf(text, HEAD) === 0 && foot > 0) return privateKey(text.subarray(HEAD.length, foot));
    if (indexOf(text, ascii('-----')) !== -1)
      throw new SecretFormError('This is PEM, and not a private key in PKCS #8 without a password.');
    if (text.length === 0 || text.some((byte) => byte < 0x21 || byte > 0x7e))
      throw new SecretFormError('An API secret is one line without spaces.');
    // A copy: the slice of a Node buffer would be the same memory.
    return { type: 'hmac', secret: new Uint8Array(text) };
  } finally {
    pasted.fill(0);
  }
}

function privateKey(base64: Uint8Array): Pick<SealedSecret, 'type' | 'secret'> {
  const secret = bytesFromBase64(base64);
  if (secret === null) throw new SecretFormError('The private key is not in base64.');
  const head = secret.subarray(0, NAMED_WITHIN);
  if (indexOf(head, RSA) !== -1) return { type: 'rsa', secret };
  if (indexOf(head, ED25519) !== -1) return { type: 'ed25519', secret };
  secret.fill(0);
  throw new SecretFormError('A private key must be RSA or Ed25519.');
}

function trimmed(bytes: Uint8Array): Uint8Array {
  const isText = (byte: number): boolean => byte > 0x20;
  const first = bytes.findIndex(isText);
  return first === -1 ? new Uint8Array(0) : bytes.subarray(first, bytes.findLastIndex(isText) + 1);
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function indexOf(bytes: Uint8Array, part: ArrayLike<number>): number {
  for (let at = 0; at + part.length <= bytes.length; at++) {
    let same = 0;
    while (same < part.length && bytes[at + same] === part[same]) same += 1;
    if (same === part.length) return at;
  }
  return -1;
}
