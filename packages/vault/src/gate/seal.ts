/**
 * Sealing at rest: a fresh AES-256-GCM key per record, wrapped by the key-encryption key. The associated data is the
 * record's purpose, so that one record's secret cannot be put in another's place.
 */
import { randomBytes } from 'node:crypto';
import { gcmOpen, gcmSeal } from './aes-gcm.ts';

const NONCE = 12;
const TAG = 16;
const KEY = 32;
const OVERHEAD = NONCE + KEY + TAG + NONCE + TAG;

function encrypt(key: Uint8Array, plain: Uint8Array, purpose: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE);
  return Buffer.concat([nonce, gcmSeal(key, nonce, purpose, plain)]);
}

function decrypt(key: Uint8Array, sealed: Uint8Array, purpose: Uint8Array): Buffer {
  return gcmOpen(key, sealed.subarray(0, NONCE), purpose, sealed.subarray(NONCE));
}

/** Seals `secret` and fills it with zeros. */
export function seal(kek: Uint8Array, secret: Uint8Array, purpose: string): Uint8Array {
  const aad = Buffer.from(purpose);
  const key = randomBytes(KEY);
  const sealed = Buffer.concat([encrypt(kek, key, aad), encrypt(key, secret, aad)]);
  key.fill(0);
  secret.fill(0);
  return sealed;
}

/** The secret in a buffer that the caller fills with zeros after use. Throws where key, purpose or bytes differ. */
export function unseal(kek: Uint8Array, sealed: Uint8Array, purpose: string): Buffer {
  if (sealed.length < OVERHEAD) throw new Error('sealed record too short');
  const aad = Buffer.from(purpose);
  const key = decrypt(kek, sealed.subarray(0, NONCE + KEY + TAG), aad);
  try {
    return decrypt(key, sealed.subarray(NONCE + KEY + TAG), aad);
  } finally {
    key.fill(0);
  }
}
