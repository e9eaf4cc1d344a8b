/**
 * AES-256-GCM whose plain text is in memory once. What Node's own decipher gives out it has copied, and the first copy
 * stays in freed memory, as it was, until something else happens to lie there.
 */
import { createCipheriv, timingSafeEqual } from 'node:crypto';

const TAG = 16;
/** GCM counts from 1 and keeps the first block for the tag (NIST SP 800-38D §7.1). */
const FIRST_BLOCK = Buffer.from([0, 0, 0, 2]);

/** Cipher text and tag. */
export function gcmSeal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(aad);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/**
 * The plain text of cipher text and tag, in a buffer that the caller fills with zeros. Throws where key, nonce, data or
 * one byte differs. `nonce` has 12 bytes.
 */
export function gcmOpen(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Buffer {
  const length = sealed.length - TAG;
  if (length < 0) throw new Error('shorter than its tag');
  const start = Buffer.concat([nonce, FIRST_BLOCK]);
  const stream = createCipheriv('aes-256-ctr', key, start).update(Buffer.alloc(length));
  // Outside the collected heap, where the collector would leave copies behind.
  const plain = Buffer.from(new ArrayBuffer(length));
  for (let at = 0; at < length; at++) plain[at] = (sealed[at] ?? 0) ^ (stream[at] ?? 0);
  stream.fill(0);
  const again = gcmSeal(key, nonce, aad, plain);
  if (timingSafeEqual(again, sealed)) return plain;
  plain.fill(0);
  throw new Error('not what was sealed');
}
