/**
 * What the gate checks before a key is used: its leaf is in a signed tree, and that tree extends the last one it saw.
 * This file and what it imports are part of the gate, so they pull in nothing else.
 */
import { verifyConsistency } from './consistency.ts';
import type { TreeHasher } from './hashing.ts';
import { verifyInclusion } from './inclusion.ts';
import { openCheckpoint } from './open-checkpoint.ts';
import type { Signatures } from './primitives.ts';
import type { VerifierKey } from './verifier-key.ts';

/** A tree that was seen: size 0 has the empty root. */
export interface KnownTree {
  readonly size: number;
  readonly root: Uint8Array;
}

export interface Receipt {
  readonly index: number;
  readonly inclusion: readonly Uint8Array[];
  /** From the size that the asker named. */
  readonly consistency: readonly Uint8Array[];
  /** Signed by the log. */
  readonly checkpoint: Uint8Array;
}

/**
 * The tree that `receipt` shows, once the log signed it, it holds `leaf`, and it extends `known`.
 * Throws `LogError` otherwise; then nothing may act on the leaf.
 */
export function verifyReceipt(
  hasher: TreeHasher,
  signatures: Signatures,
  logKey: VerifierKey,
  known: KnownTree,
  leaf: Uint8Array,
  receipt: Receipt,
): KnownTree {
  const { size, root } = openCheckpoint(receipt.checkpoint, logKey, signatures);
  verifyInclusion(hasher, receipt.index, size, hasher.leafHash(leaf), receipt.inclusion, root);
  verifyConsistency(hasher, known.size, size, receipt.consistency, known.root, root);
  return { size, root };
}
