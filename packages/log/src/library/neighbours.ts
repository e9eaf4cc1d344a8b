/**
 * Verifying the inclusion of leaves that lie next to each other. Their paths share nearly all nodes, so each node is
 * hashed once: about one hash per leaf instead of one per level of the tree. What is accepted is the same.
 */
import { LogError } from './error.ts';
import { HASH_BYTES, equalBytes } from './primitives.ts';
import type { TreeHasher } from './hashing.ts';
import { checkHash, checkSize, half } from './inclusion.ts';

/** Nodes that were proven to be in the tree, by level and index. */
type Proven = Map<number, Uint8Array>[];

/**
 * Throws unless `proofs[i]` leads from `leafHashes[i]` at `first + i` to `root` of the tree of `size` leaves, for
 * every i. A node on the way of an accepted proof is in the tree, and so is each of its siblings: another value there
 * would be a collision. So a later path may end where it meets a proven node, and its other siblings must equal the
 * proven ones.
 */
export function verifyNeighbours(
  hasher: TreeHasher,
  first: number,
  size: number,
  leafHashes: readonly Uint8Array[],
  proofs: readonly (readonly Uint8Array[])[],
  root: Uint8Array,
): void {
  checkSize(size);
  checkHash(root, 'root');
  const proven: Proven = [];
  for (const [offset, leafHash] of leafHashes.entries()) {
    const index = first + offset;
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) {
      throw new LogError('index-beyond-tree', `leaf index ${index} is not in a tree of size ${size}`);
    }
    checkHash(leafHash, 'leaf hash');
    climb(hasher, index, size, leafHash, proofs[offset] ?? [], root, proven);
  }
}

/** The walk of `verifyInclusion`, which may stop hashing at a proven node but reads the proof to its end. */
function climb(
  hasher: TreeHasher,
  index: number,
  size: number,
  leafHash: Uint8Array,
  proof: readonly Uint8Array[],
  root: Uint8Array,
  proven: Proven,
): void {
  let position = index;
  let last = size - 1;
  let level = 0;
  let hash = leafHash;
  let met = false;
  const path: { readonly level: number; readonly position: number; readonly hash: Uint8Array }[] = [];
  for (const sibling of proof) {
    checkHash(sibling, 'proof hash');
    if (last === 0)
      throw new LogError('proof-too-long', `inclusion proof has ${proof.length} hashes, more than its path`);
    // The last node of a level without a right sibling moves up unchanged.
    while (position === last && position % 2 === 0) {
      position /= 2;
      last = half(last);
      level += 1;
    }
    const isRight = position % 2 === 1;
    const siblingPosition = isRight ? position - 1 : position + 1;
    const known = proven[level]?.get(siblingPosition);
    if (known !== undefined && !equalBytes(known, sibling)) {
      throw new LogError(
        'root-differs',
        `inclusion proof of leaf ${index} has another node than its neighbour's`,
      );
    }
    met ||= proven[level]?.get(position) !== undefined && sameNode(proven, level, position, hash, index);
    if (known === undefined) path.push({ level, position: siblingPosition, hash: sibling });
    if (!met) {
      path.push({ level, position, hash });
      const parent = new Uint8Array(HASH_BYTES);
      if (isRight) hasher.node(sibling, 0, hash, 0, parent, 0);
      else hasher.node(hash, 0, sibling, 0, parent, 0);
      hash = parent;
    }
    position = half(position);
    last = half(last);
    level += 1;
  }
  if (last !== 0)
    throw new LogError('proof-too-short', `inclusion proof has ${proof.length} hashes, fewer than its path`);
  if (!met && !equalBytes(hash, root))
    throw new LogError('root-differs', 'inclusion proof leads to another root');
  for (const node of path)
    (proven[node.level] ??= new Map<number, Uint8Array>()).set(node.position, node.hash);
}

function sameNode(proven: Proven, level: number, position: number, hash: Uint8Array, index: number): boolean {
  const known = proven[level]?.get(position);
  if (known === undefined || !equalBytes(known, hash)) {
    throw new LogError(
      'root-differs',
      `leaf ${index} does not lead to the node that its neighbour's proof shows`,
    );
  }
  return true;
}
