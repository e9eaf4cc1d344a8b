/** The cryptography of the library for browsers, from noble: no network, no secure context, also from a file. */
import { gcm } from '@noble/ciphers/aes.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Primitives } from './library/primitives.ts';

export const browserPrimitives: Primitives = {
  sha256Into: (input, out, at) => out.set(sha256(input), at),
  verifyEd25519: (publicKey, message, signature) => {
    try {
      // RFC 8032 and FIPS 186-5, as OpenSSL does: small-order keys and loose encodings are refused.
      return ed25519.verify(signature, message, publicKey, { zip215: false });
    } catch {
      // A key or signature that is no point is no signature.
      return false;
    }
  },
  // ML-DSA would double the verifier's size. A witness that signs with it alone does not count here, which only ever
  // makes a quorum harder to reach.
  verifyMlDsa44: () => false,
  hmacSha256: (key, message) => hmac(sha256, key, message),
  sealAesGcm: (key, nonce, plain, aad) => gcm(key, nonce, aad).encrypt(plain),
  openAesGcm: (key, nonce, sealed, aad) => {
    try {
      return gcm(key, nonce, aad).decrypt(sealed);
    } catch {
      return undefined;
    }
  },
};
