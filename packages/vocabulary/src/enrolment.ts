/**
 * How a secret that exists outside the vault travels into it: sealed by HPKE (RFC 9180, base mode) to the vault's own
 * key, and bound to one enrolment. Browser, command line and gate share these bytes; only the gate can open them.
 */

/** Bytes of a one-time enrolment nonce: too many to guess, and to meet twice. */
export const NONCE_BYTES = 16;
/** Raw X25519 public key. */
export const VIEW_RECIPIENT_BYTES = 32;
/** An RSA-4096 key in PKCS #8 is under 2.4 kB; no exchange's HMAC secret is longer than 128 characters. */
export const SECRET_BYTES_MAX = 3_072;
/** Ids of exchange keys are at most 64 characters where we know them. */
export const API_KEY_ID_BYTES = { min: 8, max: 128 } as const;

/** Key encapsulations: X25519, and P-256 for browsers without it. The number stands in the blob. */
export const sealSuites = {
  x25519: { number: 1, kem: 0x0020, publicKeyBytes: 32 },
  p256: { number: 2, kem: 0x0010, publicKeyBytes: 65 },
} as const;
export type SealSuite = keyof typeof sealSuites;

/** Which enrolment a blob belongs to: all of it is authenticated along, so a blob fits this one alone. */
export interface EnrolmentContext {
  readonly user: string;
  readonly venue: string;
  readonly label: string;
  readonly nonce: Uint8Array;
}

/** What a blob holds. `secret` is text in bytes for `hmac`, PKCS #8 in DER otherwise. */
export interface SealedSecret {
  readonly type: 'hmac' | 'rsa' | 'ed25519';
  readonly apiKeyId: Uint8Array;
  readonly secret: Uint8Array;
  /** X25519 key of the user's, to which the gate seals the key that reads this connection's leaves. */
  readonly viewRecipient: Uint8Array;
}

export interface SealedBlob {
  readonly suite: SealSuite;
  readonly nonce: Uint8Array;
  /** HPKE's encapsulated key. */
  readonly encapsulated: Uint8Array;
  readonly ciphertext: Uint8Array;
}

/** Bytes that are no blob or no secret; says which part, and never what stood there. */
export class EnrolmentError extends Error {
  override readonly name = 'EnrolmentError';
  readonly code = 'bad-enrolment';
}

const VERSION = 1;
const types = { hmac: 1, rsa: 2, ed25519: 3 } as const;
const encoder = new TextEncoder();

/** HPKE `info`: protocol and vault, so that no other vault opens the blob, and no other protocol's message is one. */
export function sealInfo(vaultId: string): Uint8Array {
  return joined([encoder.encode('counterfoil-seal-v1\0'), encoder.encode(vaultId)]);
}

/** HPKE `info` of a view key on its way to its user. */
export function viewInfo(vaultId: string): Uint8Array {
  return joined([encoder.encode('counterfoil-view-v1\0'), encoder.encode(vaultId)]);
}

/** HPKE `aad`: user, venue, label, purpose, each with its length, then the nonce. */
export function sealAad({ user, venue, label, nonce }: EnrolmentContext): Uint8Array {
  const texts = [user, venue, label, 'exchange-key'].map((text) => encoder.encode(text));
  return joined([...texts.flatMap((bytes) => [u16(bytes.length), bytes]), nonce]);
}

/**
 * What others compare to know the vault: its signing key and both keys that secrets are sealed to.
 * `identity` is the SPKI form, the others are raw.
 */
export function vaultKeyBytes(keys: {
  readonly identity: Uint8Array;
  readonly x25519: Uint8Array;
  readonly p256: Uint8Array;
}): Uint8Array {
  return joined([encoder.encode('counterfoil-vault-v1\0'), keys.identity, keys.x25519, keys.p256]);
}

/** The plain text of a blob. The caller fills it, and the parts, with zeros once it is sealed. */
export function encodeSecret({ type, apiKeyId, secret, viewRecipient }: SealedSecret): Uint8Array {
  const bytes = joined([
    new Uint8Array([types[type]]),
    u16(apiKeyId.length),
    apiKeyId,
    u16(secret.length),
    secret,
    viewRecipient,
  ]);
  decodeSecret(bytes);
  return bytes;
}

/** Views into `bytes`: filling it with zeros wipes them all. Throws `EnrolmentError`. */
export function decodeSecret(bytes: Uint8Array): SealedSecret {
  const reader = new Reader(bytes);
  const [number] = reader.take(1, 'type');
  const type = (Object.keys(types) as (keyof typeof types)[]).find((name) => types[name] === number);
  if (type === undefined) throw new EnrolmentError('no such type of key');
  const apiKeyId = reader.counted(API_KEY_ID_BYTES.min, API_KEY_ID_BYTES.max, 'API key id');
  if (apiKeyId.some((byte) => byte < 0x21 || byte > 0x7e))
    throw new EnrolmentError('an API key id has visible ASCII characters alone');
  const secret = reader.counted(1, SECRET_BYTES_MAX, 'secret');
  const viewRecipient = reader.take(VIEW_RECIPIENT_BYTES, 'view recipient');
  reader.end();
  return { type, apiKeyId, secret, viewRecipient };
}

export function encodeBlob({ suite, nonce, encapsulated, ciphertext }: SealedBlob): Uint8Array {
  return joined([new Uint8Array([VERSION, sealSuites[suite].number]), nonce, encapsulated, ciphertext]);
}

/** Throws `EnrolmentError`. */
export function decodeBlob(bytes: Uint8Array): SealedBlob {
  const reader = new Reader(bytes);
  const [version, number] = reader.take(2, 'head');
  if (version !== VERSION) throw new EnrolmentError('another version of a sealed secret');
  const suite = (Object.keys(sealSuites) as SealSuite[]).find((name) => sealSuites[name].number === number);
  if (suite === undefined) throw new EnrolmentError('no such suite');
  const nonce = reader.take(NONCE_BYTES, 'nonce');
  const encapsulated = reader.take(sealSuites[suite].publicKeyBytes, 'encapsulated key');
  return { suite, nonce, encapsulated, ciphertext: reader.rest() };
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  take(length: number, what: string): Uint8Array {
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    if (part.length < length) throw new EnrolmentError(`cut off in the ${what}`);
    this.#at += length;
    return part;
  }

  counted(min: number, max: number, what: string): Uint8Array {
    const [high = 0, low = 0] = this.take(2, what);
    const length = high * 256 + low;
    if (length < min || length > max) throw new EnrolmentError(`the ${what} has ${min} to ${max} bytes`);
    return this.take(length, what);
  }

  rest(): Uint8Array {
    return this.#bytes.subarray(this.#at);
  }

  end(): void {
    if (this.#at !== this.#bytes.length) throw new EnrolmentError('bytes after the end');
  }
}

function u16(value: number): Uint8Array {
  return new Uint8Array([value >> 8, value & 0xff]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const DIGITS = encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');

/** Base64 in ASCII bytes, white space and padding left out of account; null where it is none. No text is made. */
export function bytesFromBase64(text: Uint8Array): Uint8Array | null {
  const digits = text.filter((byte) => byte > 0x20 && byte !== 0x3d);
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const byte of digits) {
    const digit = DIGITS.indexOf(byte);
    if (digit === -1) return null;
    held = ((held << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = held >> bits;
  }
  digits.fill(0);
  return bytes;
}
