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

const TAG_BYTES = 16;
const BLOCK_BYTES = 64;

/** Messages up to this length have a scratch buffer for each length: a leaf's payload and its number are 250 bytes. */
const SCRATCH_MESSAGE_MAX = 256;
const innerScratch: (Uint8Array | undefined)[] = [];
const outerScratch = new Uint8Array(BLOCK_BYTES + 32);

/**
 * RFC 2104 by two one-shot hashes: 1.1 µs where an `Hmac` object takes 2.4 µs, and a leaf needs three. Reused scratch
 * is half of that, because an array over 64 bytes lives outside the heap and costs as much to make as a hash.
 */
function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  if (key.length > BLOCK_BYTES || message.length > SCRATCH_MESSAGE_MAX)
    return new Uint8Array(createHmac('sha256', key).update(message).digest());
  const inner = (innerScratch[message.length] ??= new Uint8Array(BLOCK_BYTES + message.length));
  const outer = outerScratch;
  for (let i = 0; i < BLOCK_BYTES; i++) {
    const byte = key[i] ?? 0;
    inner[i] = 0x36 ^ byte;
    outer[i] = 0x5c ^ byte;
  }
  inner.set(message, BLOCK_BYTES);
  sha256Into(inner, outer, BLOCK_BYTES);
  const mac = new Uint8Array(32);
  sha256Into(outer, mac, 0);
  // What is left in scratch must not be a key, or what unlocks one.
  inner.fill(0);
  outer.fill(0);
  return mac;
}

export const nodePrimitives: Primitives = {
  sha256Into,
  verifyEd25519: (publicKey, message, signature) =>
    verify(null, message, publicKeyOf(SPKI_ED25519, publicKey), signature),
  verifyMlDsa44: (publicKey, message, signature) =>
    verify(null, message, publicKeyOf(SPKI_ML_DSA_44, publicKey), signature),
  hmacSha256,
  sealAesGcm: (key, nonce, plain, aad) => {
    const cipher = createCipheriv('aes-256-gcm', key, nonce);
    cipher.setAAD(aad);
    // GCM has no blocks to fill: `update` returns everything and `final` nothing.
    const sealed = Buffer.allocUnsafe(plain.length + TAG_BYTES);
    sealed.set(cipher.update(plain));
    cipher.final();
    sealed.set(cipher.getAuthTag(), plain.length);
    return sealed;
  },
  openAesGcm: (key, nonce, sealed, aad) => {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const plain = decipher.update(sealed.subarray(0, -TAG_BYTES));
    try {
      decipher.final();
    } catch {
      // OpenSSL has one failure here: the tag does not match.
      return undefined;
    }
    return new Uint8Array(plain);
  },
};
