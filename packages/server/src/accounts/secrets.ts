/** Random ids and secrets, and what of them is kept. */
import { createHash, randomBytes, randomFillSync, timingSafeEqual } from 'node:crypto';

/** 256 bits: nobody guesses one, so a plain hash keeps it. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** 80 bits: two never meet, and it fits every id. */
export function newId(prefix: string): string {
  return `${prefix}-${take(10).toString('hex')}`;
}

/** 256 bits that are told to whoever asks, and used once. */
export function newChallenge(): string {
  return take(32).toString('base64url');
}

const store = Buffer.alloc(4_096);
let left = 0;

/** Random bytes for what is no secret: asking the generator each time took as long as reading the request. */
function take(count: number): Buffer {
  if (left < count) left = randomFillSync(store).length;
  left -= count;
  return store.subarray(left, left + count);
}

export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

export function matches(hash: Buffer, secret: string): boolean {
  return timingSafeEqual(hash, hashOf(secret));
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** 160 bits in eight groups of four, without letters that look like digits. */
export function newRecoveryKey(): string {
  // 256 is a multiple of 32, so every letter is equally likely.
  const letters = [...randomBytes(32)].map((byte) => BASE32[byte % 32]).join('');
  return (letters.match(/.{4}/g) ?? []).join('-');
}
