/** What the verifier of a history is given. */
import type { SealedKeyName } from './leaf.ts';

/** A file as it was read, with the name to show for it. */
export interface Named {
  readonly source: string;
  readonly bytes: Uint8Array;
}

export interface HistoryInput {
  /** Obtained out of band: a history that brings its own policy proves nothing. */
  readonly policy: Named;
  /** The newest cosigned checkpoint. */
  readonly checkpoint: Named;
  /** Every entry of the log from index 0, in any portions. */
  readonly entries: AsyncIterable<readonly Uint8Array[]> | Iterable<readonly Uint8Array[]>;
  /** Where the entries come from. */
  readonly entriesSource: string;
  /** Without it, the log alone is checked. */
  readonly connection?: SealedKeyName & { readonly viewKey: Uint8Array };
  /** Further cosigned checkpoints, which bound when leaves were logged. */
  readonly checkpoints?: readonly Named[];
  /** Receipts that the user holds: tlog-proof files with the leaf as extra data. */
  readonly receipts?: readonly Named[];
  /** Longest silence of a chain whose key is sealed. */
  readonly heartbeatMsMax: number;
  /** How far clocks of the vault and the witnesses may be apart. */
  readonly clockMsMax: number;
}
