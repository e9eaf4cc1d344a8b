/** Verifying that a leaf is in a tree (RFC 9162 §2.1.3.2). */
import { LogError } from './error.ts';
import { HASH_BYTES, equalBytes } from './primitives.ts';
import type { TreeHasher } from './hashing.ts';

/**
 * Throws unless `proof` leads from `leafHash` at `index` to `root` of the tree of `size` leaves.
 * Halving is done by division, because JavaScript's shifts are exact only below 2^31.
 */
export function verifyInclusion(
  hasher: TreeHasher,
  index: number,
  size: number,
  leafHash: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): void {
  checkSize(size);
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new LogError('index-beyond-tree', `leaf index ${index} is not in a tree of size ${size}`);
  }
  checkHash(leafHash, 'leaf hash');
  checkHash(root, 'root');
  let fromLeft = index;
  let last = size - 1;
  const hash = leafHash.slice();
  for (const sibling of proof) {
    checkHash(sibling, 'proof hash');
    if (last === 0)
      throw new LogError('proof-too-long', `inclusion proof has ${proof.length} hashes, more than its path`);
    if (fromLeft % 2 === 1 || fromLeft === last) {
      hasher.node(sibling, 0, hash, 0, hash, 0);
      while (fromLeft % 2 === 0 && fromLeft !== 0) {
        fromLeft /= 2;
        last = half(last);
      }
    } else {
      hasher.node(hash, 0, sibling, 0, hash, 0);
    }
    fromLeft = half(fromLeft);
    last = half(last);
  }
  if (last !== 0)
    throw new LogError('proof-too-short', `inclusion proof has ${proof.length} hashes, fewer than its path`);
  if (!equalBytes(hash, root)) throw new LogError('root-differs', 'inclusion proof leads to another root');
}

/** `(x − x mod 2) / 2`: exact up to 2^53. */
export function half(value: number): number {
  return (value - (value % 2)) / 2;
}

export function checkSize(size: number): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new LogError('bad-number', `tree size ${size} is not an integer from 0 to 2^53 − 1`);
  }
}

/** Hashes are 32 bytes and nothing else: shorter ones let two concatenations collide. */
export function checkHash(hash: Uint8Array, what: string): void {
  if (hash.length !== HASH_BYTES) {
    throw new LogError('bad-hash-length', `${what} has ${hash.length} bytes, expected ${HASH_BYTES}`);
  }
}
