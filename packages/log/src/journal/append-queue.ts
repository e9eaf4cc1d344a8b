/** Appends that wait for the next batch, in the order of submission, and the bounds of what may wait. */
import { APPEND_LEAVES_MAX } from '@counterfoil/vocabulary/protocol';
import { ENTRY_BYTES_MAX } from '../library/entry-bundle.ts';
import type { Receipt } from '../library/receipt.ts';
import { JournalError } from './error.ts';

/** Leaves that may wait: at 20,000/s, 0.8 s of them. More means the disk does not follow; the gate must hold orders. */
const WAITING_MAX = 16_384;
/** One append fits a frame of the protocol. */
const APPEND_BYTES_MAX = 4 * 1024 * 1024;
/** Leaves of one batch, and bytes: it is closed by the append that passes either. 1 MiB syncs in about 2 ms. */
const BATCH_LEAVES_MAX = 4_096;
const BATCH_BYTES_MAX = 1024 * 1024;
/** The receipt of one append, and the size of the tree that its checkpoint signs. */
export type AppendReceipt = Receipt & { readonly size: number };

export interface Waiting {
  readonly leaves: readonly Uint8Array[];
  readonly knownSize: number;
  readonly resolve: (receipt: AppendReceipt) => void;
  readonly reject: (error: JournalError) => void;
}

export class AppendQueue {
  #waiting: Waiting[] = [];
  #leaves = 0;

  get empty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Why `leaves` may not wait here, if so. */
  refusalOf(leaves: readonly Uint8Array[]): JournalError | undefined {
    let bytes = 0;
    for (const leaf of leaves) {
      if (leaf.length === 0 || leaf.length > ENTRY_BYTES_MAX) {
        return new JournalError(
          'badForm',
          `an entry has 1 to ${ENTRY_BYTES_MAX} bytes, this one ${leaf.length}`,
        );
      }
      bytes += leaf.length;
    }
    if (leaves.length === 0 || leaves.length > APPEND_LEAVES_MAX || bytes > APPEND_BYTES_MAX) {
      const bounds = `1 to ${APPEND_LEAVES_MAX} entries and at most ${APPEND_BYTES_MAX} bytes`;
      return new JournalError('badForm', `an append has ${bounds}`);
    }
    if (this.#leaves + leaves.length > WAITING_MAX) {
      return new JournalError('overloaded', `${this.#leaves} entries wait for the disk; try again`);
    }
    return undefined;
  }

  push(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#leaves += waiting.leaves.length;
  }

  takeBatch(): Waiting[] {
    let count = 0;
    let leaves = 0;
    let bytes = 0;
    while (count < this.#waiting.length && leaves < BATCH_LEAVES_MAX && bytes < BATCH_BYTES_MAX) {
      for (const leaf of this.#waiting[count]?.leaves ?? []) {
        leaves += 1;
        bytes += leaf.length;
      }
      count += 1;
    }
    this.#leaves -= leaves;
    return this.#waiting.splice(0, count);
  }

  rejectAll(reason: JournalError): void {
    for (const waiting of this.#waiting) waiting.reject(reason);
    this.#waiting = [];
    this.#leaves = 0;
  }
}
