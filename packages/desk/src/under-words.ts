/** A key of 32 bytes sealed under words that a person keeps: argon2id makes every guess cost, GCM tells a wrong one. */
import { argon2, createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export const KEY_BYTES = 32;
/** About a third of a second on a small machine, for every guess (RFC 9106, the second recommended option). */
const ARGON2ID = { memory: 65_536, passes: 3, parallelism: 4 } as const;
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** 32 letters and digits that nobody mistakes for another. */
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
/** 125 bits: no machine guesses them, with argon2id or without. */
const CODE_LETTERS = 25;

/** Both in hex: `wrapped` is nonce, ciphertext and tag. */
export interface Wrap {
  readonly salt: string;
  readonly wrapped: string;
}

/** Letters in groups of five, to be written on paper. */
export function newCode(): string {
  const letters = [...randomBytes(CODE_LETTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
  return (letters.match(/.{5}/gu) ?? []).join('-');
}

/** Fills neither `words` nor `key` with zeros. */
export async function wrapKey(words: Uint8Array, key: Uint8Array): Promise<Wrap> {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const wrapping = await derive(words, salt);
  const cipher = createCipheriv('aes-256-gcm', wrapping, nonce);
  const wrapped = Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
  wrapping.fill(0);
  return { salt: salt.toString('hex'), wrapped: wrapped.toString('hex') };
}

/** Null where the words are others, or the wrap was changed. */
export async function unwrapKey(words: Uint8Array, wrap: Wrap): Promise<Buffer | null> {
  const wrapped = Buffer.from(wrap.wrapped, 'hex');
  if (wrapped.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) return null;
  const wrapping = await derive(words, Buffer.from(wrap.salt, 'hex'));
  try {
    const decipher = createDecipheriv('aes-256-gcm', wrapping, wrapped.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(wrapped.subarray(-TAG_BYTES));
    const key = decipher.update(wrapped.subarray(NONCE_BYTES, -TAG_BYTES));
    decipher.final();
    return key;
  } catch {
    return null;
  } finally {
    wrapping.fill(0);
  }
}

/** A code or passphrase as it counts: letters that were typed in another case or grouping are the same code. */
export function codeBytes(typed: Uint8Array): Buffer {
  const letters = Buffer.from(typed)
    .toString('latin1')
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/gu, '');
  return Buffer.from((letters.match(/.{1,5}/gu) ?? []).join('-'));
}

function derive(message: Uint8Array, nonce: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) =>
    argon2('argon2id', { message, nonce, tagLength: KEY_BYTES, ...ARGON2ID }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    ),
  );
}
