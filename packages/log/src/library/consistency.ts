/** Verifying that one tree is the beginning of another (RFC 9162 §2.1.4.2). */
import { LogError } from './error.ts';
import { equalBytes } from './primitives.ts';
import type { TreeHasher } from './hashing.ts';
import { checkHash, checkSize, half } from './inclusion.ts';

/** Throws unless the tree (`size1`, `root1`) is a prefix of (`size2`, `root2`). */
export function verifyConsistency(
  hasher: TreeHasher,
  size1: number,
  size2: number,
  proof: readonly Uint8Array[],
  root1: Uint8Array,
  root2: Uint8Array,
): void {
  checkSize(size1);
  checkSize(size2);
  checkHash(root1, 'root of the smaller tree');
  checkHash(root2, 'root of the larger tree');
  for (const hash of proof) checkHash(hash, 'proof hash');
  if (size2 < size1) throw new LogError('size-shrinks', `tree size went from ${size1} to ${size2}`);
  if (size1 === size2 || size1 === 0) return verifyTrivial(hasher, size1, size2, proof, root1, root2);

  // A complete subtree is its own first proof element and is left out on the wire.
  const path = isPowerOfTwo(size1) ? [root1, ...proof] : proof;
  const [first, ...rest] = path;
  if (first === undefined) throw new LogError('proof-too-short', 'consistency proof is empty');
  let fromLeft = size1 - 1;
  let last = size2 - 1;
  while (fromLeft % 2 === 1) {
    fromLeft = half(fromLeft);
    last = half(last);
  }
  const older = first.slice();
  const newer = first.slice();
  for (const sibling of rest) {
    if (last === 0)
      throw new LogError(
        'proof-too-long',
        `consistency proof has ${proof.length} hashes, more than its path`,
      );
    if (fromLeft % 2 === 1 || fromLeft === last) {
      hasher.node(sibling, 0, older, 0, older, 0);
      hasher.node(sibling, 0, newer, 0, newer, 0);
      while (fromLeft % 2 === 0 && fromLeft !== 0) {
        fromLeft /= 2;
        last = half(last);
      }
    } else {
      hasher.node(newer, 0, sibling, 0, newer, 0);
    }
    fromLeft = half(fromLeft);
    last = half(last);
  }
  if (last !== 0)
    throw new LogError(
      'proof-too-short',
      `consistency proof has ${proof.length} hashes, fewer than its path`,
    );
  if (!equalBytes(older, root1))
    throw new LogError('root-differs', `consistency proof leads to another root at size ${size1}`);
  if (!equalBytes(newer, root2))
    throw new LogError('root-differs', `consistency proof leads to another root at size ${size2}`);
}

/** Equal sizes need equal roots; every tree extends the empty one, whose root is fixed. Neither has a proof. */
function verifyTrivial(
  hasher: TreeHasher,
  size1: number,
  size2: number,
  proof: readonly Uint8Array[],
  root1: Uint8Array,
  root2: Uint8Array,
): void {
  if (proof.length > 0)
    throw new LogError('proof-too-long', `${size1} to ${size2} needs no proof, found ${proof.length} hashes`);
  if (size1 === 0 && !equalBytes(root1, hasher.emptyRoot())) {
    throw new LogError('root-differs', 'the root at size 0 is not the empty tree');
  }
  if (size1 === size2 && !equalBytes(root1, root2)) {
    throw new LogError('root-differs', `two different roots at size ${size1}: the log has forked`);
  }
}

function isPowerOfTwo(value: number): boolean {
  let rest = value;
  while (rest > 1 && rest % 2 === 0) rest /= 2;
  return rest === 1;
}
