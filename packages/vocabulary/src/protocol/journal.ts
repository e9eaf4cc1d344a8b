/**
 * The gate and its journal: append leaves, get a receipt. One message per frame (`docs/protocol.md`, "Journal").
 *
 * Leaves travel in batches that share one checkpoint: the gate has one batch under way at a time, so every checkpoint
 * that it acts on is proven to extend the one before. With single appends under way, two answers could each extend
 * the last known tree and yet not each other, which is how a fork would hide.
 */
import { type Decoded, bytes, integer, list, numbered, packed, text, variants } from '../codec.ts';

/** C2SP entry bundles carry a 16-bit length. */
export const ENTRY_BYTES_MAX = 65_535;
/** C2SP tlog-witness allows 63 lines: a tree of 2^63 entries. */
export const PROOF_HASHES_MAX = 63;
/** Leaves of one append: with a proof of 40 hashes each, an answer stays under the frame's bound of 4 MiB. */
export const APPEND_LEAVES_MAX = 1_024;
/** Entries of one `read` answer; 4,096 private leaves are 1.4 MB, under the frame's bound of 4 MiB. */
export const READ_ENTRIES_MAX = 4_096;

const id = integer(0, Number.MAX_SAFE_INTEGER);
const size = integer(0, Number.MAX_SAFE_INTEGER);
const hashes = list(bytes(32), PROOF_HASHES_MAX);
const note = bytes(1, 65_536);

export const journalRequest = variants({
  /** Make `leaves` durable, in this order and next to each other; prove them, and that the tree extends `knownSize`. */
  append: [
    1,
    packed({
      id: [0, id],
      leaves: [1, list(bytes(1, ENTRY_BYTES_MAX), APPEND_LEAVES_MAX)],
      knownSize: [2, size],
    }),
  ],
  /** The newest checkpoint, and a proof that it extends `knownSize`. */
  head: [2, packed({ id: [0, id], knownSize: [1, size] })],
  /** Entries from index `from`, at most `count`. */
  read: [3, packed({ id: [0, id], from: [1, size], count: [2, integer(1, READ_ENTRIES_MAX)] })],
  /** Entry `index` again, proven to be in the tree of the newest checkpoint, which extends `knownSize`. */
  prove: [4, packed({ id: [0, id], index: [1, size], knownSize: [2, size] })],
  /** As `head`, but of a tree that the quorum of witnesses has cosigned; the answer waits for them. */
  witnessed: [5, packed({ id: [0, id], knownSize: [1, size] })],
});

/** Why a journal says no. After any of these nothing new is in the log on behalf of the request. */
export const journalRefusal = numbered({
  /** The disk failed to sync; the journal has stopped for good. */
  stopped: 1,
  /** Free space is under the reserve. */
  diskLow: 2,
  /** Too many appends wait; try again. */
  overloaded: 3,
  /** The request names a size or index beyond the tree. */
  beyondTree: 4,
  /** Not a request. */
  badForm: 5,
  /** The witnesses did not reach their quorum in time. */
  unwitnessed: 6,
});

export const journalAnswer = variants({
  receipt: [
    1,
    packed({
      id: [0, id],
      /** Index of the first leaf; the others follow. */
      index: [1, size],
      size: [2, size],
      /** One proof per leaf, all to the same checkpoint. */
      inclusions: [3, list(hashes, APPEND_LEAVES_MAX)],
      consistency: [4, hashes],
      checkpoint: [5, note],
    }),
  ],
  head: [2, packed({ id: [0, id], size: [1, size], consistency: [2, hashes], checkpoint: [3, note] })],
  proof: [
    5,
    packed({
      id: [0, id],
      entry: [1, bytes(1, ENTRY_BYTES_MAX)],
      size: [2, size],
      inclusion: [3, hashes],
      consistency: [4, hashes],
      checkpoint: [5, note],
    }),
  ],
  entries: [3, packed({ id: [0, id], entries: [1, list(bytes(0, ENTRY_BYTES_MAX), READ_ENTRIES_MAX)] })],
  refused: [4, packed({ id: [0, id], code: [1, journalRefusal], sentence: [2, text(500)] })],
});

export type JournalRequest = Decoded<typeof journalRequest>;
export type JournalAnswer = Decoded<typeof journalAnswer>;
export type JournalReceipt = Extract<JournalAnswer, { kind: 'receipt' }>;
export type JournalRefusal = Decoded<typeof journalRefusal>;
