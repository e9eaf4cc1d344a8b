/**
 * The cryptography that this library is given, so that one verifier runs in the gate, the CLI, the server and a
 * browser: `@counterfoil/log/node` has it from node:crypto, `@counterfoil/log/browser` from noble.
 */

/** SHA-256 of `input`, written to `out[at .. at + 32)`. Result objects cost more than the hash, so there are none. */
export type Sha256Into = (input: Uint8Array, out: Uint8Array, at: number) => void;

export interface Signatures {
  /** RFC 8032 Ed25519. `publicKey` 32 bytes, `signature` 64 bytes. */
  verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** FIPS 204 ML-DSA-44, empty context. `publicKey` 1,312 bytes, `signature` 2,420 bytes. */
  verifyMlDsa44(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** What reading and writing private leaves needs beyond hashing. */
export interface LeafCipher {
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array;
  /** AES-256-GCM with a 12-byte nonce: ciphertext ‖ 16-byte tag. */
  sealAesGcm(key: Uint8Array, nonce: Uint8Array, plain: Uint8Array, aad: Uint8Array): Uint8Array;
  /** The plain text, or `undefined` where the tag does not match. */
  openAesGcm(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, aad: Uint8Array): Uint8Array | undefined;
}

export type Primitives = { readonly sha256Into: Sha256Into } & Signatures & LeafCipher;

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;

/** SHA-256 of the concatenation of `parts`. */
export function sha256(sha256Into: Sha256Into, ...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(HASH_BYTES);
  const [only] = parts;
  sha256Into(parts.length === 1 && only !== undefined ? only : concatBytes(...parts), out, 0);
  return out;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Compares public values; not constant in time. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

const encoder = new TextEncoder();

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A safe integer in eight bytes, big endian. */
export function u64(value: number): Uint8Array {
  const out = new Uint8Array(8);
  // Two halves and no view: a bigint or a `DataView` per leaf costs more than the rest of this.
  const high = Math.floor(value / 2 ** 32);
  for (let i = 0; i < 4; i++) {
    out[i] = high >>> (24 - 8 * i);
    out[4 + i] = value >>> (24 - 8 * i);
  }
  return out;
}

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** Lower-case hex to bytes, or `undefined` where it is not that. */
export function bytesOfHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}
