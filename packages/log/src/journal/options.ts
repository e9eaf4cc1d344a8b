/** What opening and creating a journal take. */
import type { KnownTree } from '../library/receipt.ts';
import type { VerifierKey } from '../library/verifier-key.ts';
import type { Disk } from './disk.ts';
import type { WalSizes } from './wal.ts';

export interface JournalOptions {
  readonly disk?: Disk;
  /**
   * Trees of this log that others have seen: witnesses, mirrors, the gate. Asked once the log's key is known;
   * start-up refuses to contradict any of them.
   */
  readonly known?: (key: VerifierKey) => Promise<readonly KnownElsewhere[]>;
  /** Refuses appends below this. Default 64 MiB. */
  readonly freeBytesMin?: number;
  /** Sizes of the write-ahead log's files. Small ones let a test cross every boundary. */
  readonly walSizes?: WalSizes;
}

export interface KnownElsewhere extends KnownTree {
  /** Who says so, for the operator. */
  readonly source: string;
}

export interface GenesisOptions extends JournalOptions {
  /** Name of the log for ever, such as `3f9c.counterfoil.local/keyuse`. */
  readonly origin: string;
  /** Milliseconds since 1970, read once for the genesis leaf. */
  readonly clock: () => number;
  /** Further fields of the genesis leaf, such as the hash of the vault's public key. */
  readonly genesis?: readonly (readonly [name: string, value: string])[];
}
