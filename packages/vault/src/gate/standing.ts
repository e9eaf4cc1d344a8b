/** How one connection stands with its owners: what its chain says is in force, what waits, and what is frozen. */
import type { LeafPayload, Mandate } from '@counterfoil/vocabulary/protocol';

export type Depth = 'noNewPositions' | 'everything';

export interface Pending {
  readonly mandate: Mandate;
  readonly dueMs: number;
  /** Where in the log the loosening is announced; null where it loosens nothing. */
  readonly announced: Promise<number> | null;
}

export class Standing {
  /** What the chain's leaves say. */
  leafMandate: Uint8Array | null = null;
  leafDepth: Depth | null = null;
  /** What is in force now, from every freeze that covers the connection. */
  depth: Depth | null = null;
  pending: Pending | null = null;
  /** Whether an owner has approved what is in force. */
  signed = false;

  /** Takes a leaf of the chain, when it is written and again at every start. */
  take(leaf: LeafPayload): void {
    if (leaf.kind === 'seal' || leaf.kind === 'mandate') this.leafMandate = leaf.mandateHash;
    if (leaf.kind === 'freeze') this.leafDepth = leaf.depth;
    if (leaf.kind === 'thaw') this.leafDepth = null;
  }

  /** A freeze that lets nothing new be opened still lets a sale through: on a spot market it opens nothing. */
  refuses(order: { readonly side: 'buy' | 'sell' }): boolean {
    return this.depth === 'everything' || (this.depth === 'noNewPositions' && order.side === 'buy');
  }
}
