/** The cryptography of the library from node:crypto. */
import { createCipheriv, createDecipheriv, createHmac, createPublicKey, hash, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Primitives, Sha256Into } from './library/primitives.ts';

/** Part of Buffer that Node's types leave out: writes latin-1 text into any `Uint8Array`. */
type Latin1Write = (this: Uint8Array, text: string, at: number, length: number) => number;
const { latin1Write } = Buffer.prototype as { readonly latin1Write: Latin1Write };

/**
 * `crypto.hash` to a latin-1 string, written in place, is the fastest way to SHA-256 in Node: a result object per
 * hash costs more than the hash (772,000 appends/s against 277,000 with `createHash` on the same core).
 */
export const sha256Into: Sha256Into = (input, out, at) => {
  latin1Write.call(out, hash('sha256', input, 'latin1'), at, 32);
};

/** DER up to the raw key (RFC 8410; RFC 9881). */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const SPKI_ML_DSA_44 = Buffer.from('30820532300b06096086480165030403110382052100', 'hex');

/** Parsed keys, because parsing costs a third of a verification. A verifier knows a handful. */
const KEYS_MAX = 64;
const keys = new Map<string, KeyObject>();

function publicKeyOf(prefix: Buffer, raw: Uint8Array): KeyObject {
  const name = Buffer.from(raw).toString('latin1');
  const known = keys.get(name);
  if (known !== undefined) return known;
  const key = createPublicKey({ key: Buffer.concat([prefix, raw]), format: 'der', type: 'spki' });
  if (keys.size >= KEYS_MAX) keys.clear();
  keys.set(name, key);
  return key;
}

export const nodePrimitives: Primitives = {
  sha256Into,
  verifyEd25519: (publicKey, message, signature) =>
    verify(null, message, publicKeyOf(SPKI_ED25519, publicKey), signature),
  verifyMlDsa44: (publicKey, message, signature) =>
    verify(null, message, publicKeyOf(SPKI_ML_DSA_44, publicKey), signature),
  hmacSha256: (key, message) => new Uint8Array(createHmac('sha256', key).update(message).digest()),
  sealAesGcm: (key, nonce, plain, aad) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(aad);
    return new Uint8Array(Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
  },
  openAesGcm: (key, nonce, sealed, aad) => {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(sealed.length - 16));
    try {
      return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]));
    } catch {
      // OpenSSL has one failure here: the tag does not match.
      return undefined;
    }
  },
};
