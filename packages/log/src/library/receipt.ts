/**
 * What the gate checks before a key is used: its leaf is in a signed tree, and that tree extends the last one it saw.
 * This file and what it imports are part of the gate, so they pull in nothing else.
 */
import { LogError } from './error.ts';
import { verifyConsistency } from './consistency.ts';
import type { TreeHasher } from './hashing.ts';
import { verifyNeighbours } from './neighbours.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import type { Signatures } from './primitives.ts';
import type { VerifierKey } from './verifier-key.ts';

/** A tree that was seen: size 0 has the empty root. */
export interface KnownTree {
  readonly size: number;
  readonly root: Uint8Array;
}

/** One answer for leaves that were appended together, next to each other. */
export interface Receipt {
  /** Index of the first leaf. */
  readonly index: number;
  /** One proof per leaf, all to the same checkpoint. */
  readonly inclusions: readonly (readonly Uint8Array[])[];
  /** From the size that the asker named. */
  readonly consistency: readonly Uint8Array[];
  /** Signed by the log. */
  readonly checkpoint: Uint8Array;
}

/**
 * The tree that `receipt` shows, once the log signed it, it holds `leaves` in their order, and it extends `known`.
 * Throws `LogError` otherwise; then nothing may act on any of the leaves.
 */
export function verifyReceipt(
  hasher: TreeHasher,
  signatures: Signatures,
  logKey: VerifierKey,
  known: KnownTree,
  leaves: readonly Uint8Array[],
  receipt: Receipt,
): KnownTree {
  const { size, root } = openCheckpoint(receipt.checkpoint, logKey, signatures);
  verifyConsistency(hasher, known.size, size, receipt.consistency, known.root, root);
  if (receipt.inclusions.length !== leaves.length) {
    throw new LogError('proof-too-short', `${receipt.inclusions.length} proofs for ${leaves.length} leaves`);
  }
  const leafHashes = leaves.map((leaf) => hasher.leafHash(leaf));
  verifyNeighbours(hasher, receipt.index, size, leafHashes, receipt.inclusions, root);
  return { size, root };
}
