/**
 * The journal: one writer, one write-ahead log, no timer. Entries that arrive while a batch is being synced form the
 * next batch. Life of a batch: written → durable → checkpoint signed → register set → receipts, in submission order.
 */
import { join } from 'node:path';
import { type Checkpoint, formatCheckpoint } from '../library/checkpoint.ts';
import { controlField, decodeControlLeaf, encodeControlLeaf } from '../library/control-leaf.ts';
import { ENTRY_BYTES_MAX } from '../library/entry-bundle.ts';
import { TreeHasher } from '../library/hashing.ts';
import { type NoteSignature, formatNote } from '../library/note.ts';
import { equalBytes } from '../library/primitives.ts';
import { APPEND_LEAVES_MAX } from '@counterfoil/vocabulary/protocol';
import { Prover } from '../library/prove.ts';
import type { KnownTree, Receipt } from '../library/receipt.ts';
import { type VerifierKey, formatVerifierKey } from '../library/verifier-key.ts';
import { sha256Into } from '../node.ts';
import type { LogSigner } from '../signer.ts';
import { type Disk, nodeDisk } from './disk.ts';
import { JournalError } from './error.ts';
import { type FolderLock, lockFolder } from '../folder-lock.ts';
import { makeLogKey, readLogKey } from './log-key.ts';
import { SignedRegister } from './signed-register.ts';
import { TreeFiles } from './tree-files.ts';
import { WAL_SIZES, Wal, type WalSizes } from './wal.ts';

/** Leaves that may wait: at 20,000/s, 0.8 s of them. More means the disk does not follow; the gate must hold orders. */
const WAITING_MAX = 16_384;
/** One append fits a frame of the protocol. */
const APPEND_BYTES_MAX = 4 * 1024 * 1024;
/** Leaves of one batch, and bytes: it is closed by the append that passes either. 1 MiB syncs in about 2 ms. */
const BATCH_LEAVES_MAX = 4_096;
const BATCH_BYTES_MAX = 1024 * 1024;
/** Full tiles and bundles in memory before appends wait for the disk: about 25 MiB. */
const PENDING_MAX = 512;
/** They are written once this many wait. */
const FLUSH_AT = 32;
/** Space that stays free, so that a full disk never stops a cancel or a result leaf of an order already sent. */
const FREE_BYTES_MIN = 64 * 1024 * 1024;

export interface JournalOptions {
  readonly disk?: Disk;
  /** Trees of this log that others have seen: witnesses, mirrors, the gate. Start-up refuses to contradict them. */
  readonly known?: readonly KnownElsewhere[];
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

/** The newest signed tree. */
export interface Head extends Checkpoint {
  readonly checkpoint: Uint8Array;
}

/** The receipt of one append, and the size of the tree that its checkpoint signs. */
export type AppendReceipt = Receipt & { readonly size: number };

/** One entry, proven to be in the newest signed tree. */
export interface ProvenEntry {
  readonly entry: Uint8Array;
  readonly size: number;
  readonly inclusion: readonly Uint8Array[];
  readonly consistency: readonly Uint8Array[];
  readonly checkpoint: Uint8Array;
}

interface Waiting {
  readonly leaves: readonly Uint8Array[];
  readonly knownSize: number;
  readonly resolve: (receipt: AppendReceipt) => void;
  readonly reject: (error: JournalError) => void;
}

export class Journal {
  readonly origin: string;
  readonly #lock: FolderLock | undefined;
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #freeBytesMin: number;
  readonly #signer: LogSigner;
  readonly #wal: Wal;
  readonly #tree: TreeFiles;
  readonly #register: SignedRegister;
  readonly #hasher: TreeHasher;
  #head: Head;
  #waiting: Waiting[] = [];
  #waitingLeaves = 0;
  #running: Promise<void> | undefined;
  #stopped: JournalError | undefined;

  private constructor(parts: Parts, signer: LogSigner, options: JournalOptions) {
    this.origin = signer.key.name;
    this.#lock = parts.lock;
    this.#disk = parts.disk;
    this.#folder = parts.folder;
    this.#freeBytesMin = options.freeBytesMin ?? FREE_BYTES_MIN;
    this.#signer = signer;
    this.#wal = parts.wal;
    this.#tree = parts.tree;
    this.#register = parts.register;
    this.#hasher = parts.hasher;
    this.#head = this.#sign(parts.tree.size, this.#prover(parts.tree.size).root());
  }

  /** Whether `folder` holds a journal, or what is left of one. */
  static exists(folder: string, disk: Disk = nodeDisk): boolean {
    return Wal.exists(disk, join(folder, 'wal'));
  }

  /**
   * Makes the log: its key, and leaf 0 that names it. Only where there is none: a wrong path or a lost disk must not
   * start a second log under the same name.
   */
  static async create(folder: string, options: GenesisOptions): Promise<Journal> {
    const disk = options.disk ?? nodeDisk;
    const sizes = options.walSizes ?? WAL_SIZES;
    disk.makeFolder(folder);
    const parts = await openParts(folder, disk, async (walFolder) => {
      // A crash during an earlier creation leaves files, but nothing that was signed.
      if (!Wal.exists(disk, walFolder)) return Wal.create(disk, walFolder, sizes);
      return Wal.open(disk, walFolder, sizes, () => undefined);
    });
    try {
      if (parts.wal.size > 0 || parts.register.last() !== undefined) {
        throw new JournalError(
          'journal-exists',
          `${folder} holds a journal; open it, or choose an empty folder`,
        );
      }
      const signer = await makeLogKey(disk, folder, options.origin);
      const genesis = encodeControlLeaf({
        kind: 'genesis',
        fields: [
          ['origin', options.origin],
          ['log-key', formatVerifierKey(signer.key)],
          ['at', new Date(options.clock()).toISOString()],
          ...(options.genesis ?? []),
        ],
      });
      const { frame, synced } = parts.wal.write([genesis]);
      await synced;
      for (const entry of frame.entries) parts.tree.append(entry);
      return new Journal(parts, signer, options);
    } catch (error) {
      closeParts(parts);
      throw error;
    }
  }

  /**
   * Replays the log and derives its tiles again where they are missing. Throws `JournalError` where the folder, the
   * last-signed register or anything in `options.known` contradicts what it holds; then nothing was signed.
   */
  static async open(folder: string, options: JournalOptions = {}): Promise<Journal> {
    const disk = options.disk ?? nodeDisk;
    const sizes = options.walSizes ?? WAL_SIZES;
    if (!Journal.exists(folder, disk))
      throw new JournalError('no-journal', `${folder} holds no journal; check the path`);
    const seen: KnownElsewhere[] = [...(options.known ?? [])];
    const parts = await openParts(folder, disk, async (walFolder, tree, register) => {
      const last = register.last();
      if (last !== undefined) seen.push({ ...last, source: 'the last-signed register' });
      return Wal.open(disk, walFolder, sizes, async (frame) => {
        for (const entry of frame.entries) tree.append(entry);
        if (tree.pending >= FLUSH_AT) await tree.flush();
      });
    });
    try {
      if (parts.tree.size === 0)
        throw new JournalError('no-journal', `${folder} was never finished; create the journal again`);
      const signer = signerOfGenesis(disk, folder, parts.tree);
      for (const tree of seen) refuseContradiction(parts, tree);
      await parts.tree.flush();
      return new Journal(parts, signer, options);
    } catch (error) {
      closeParts(parts);
      throw error;
    }
  }

  get key(): VerifierKey {
    return this.#signer.key;
  }

  /** Where the files lie that may be served to anybody. */
  get publicFolder(): string {
    return join(this.#folder, 'public');
  }

  /** Why the journal stopped for good, if it did. */
  get stopped(): JournalError | undefined {
    return this.#stopped;
  }

  /** The newest signed tree, and what proves that it extends the one of `knownSize`. */
  head(knownSize = 0): Head & { readonly consistency: readonly Uint8Array[] } {
    const head = this.#head;
    this.#refuseBeyond(knownSize, head.size);
    return { ...head, consistency: this.#prover(head.size).consistency(knownSize) };
  }

  /** Entries from index `from`, at most `count`, of the signed tree. */
  read(from: number, count: number): Uint8Array[] {
    this.#refuseBeyond(from, this.#head.size);
    return this.#tree.entries(from, count, this.#head.size);
  }

  /** Entry `index` again, under the newest checkpoint, which extends the tree of `knownSize`. */
  prove(index: number, knownSize: number): ProvenEntry {
    const { size, checkpoint } = this.#head;
    this.#refuseBeyond(Math.max(index + 1, knownSize), size);
    const [entry] = this.#tree.entries(index, 1, size);
    if (entry === undefined) throw beyond(index + 1, size);
    const prover = this.#prover(size);
    return {
      entry,
      size,
      inclusion: prover.inclusion(index),
      consistency: prover.consistency(knownSize),
      checkpoint,
    };
  }

  /** Root of the tree as it was at `size`. */
  rootAt(size: number): Uint8Array {
    this.#refuseBeyond(size, this.#head.size);
    return this.#prover(size).root();
  }

  /** Proof between two sizes of the signed tree, for witnesses. */
  consistency(from: number, to: number): Uint8Array[] {
    this.#refuseBeyond(to, this.#head.size);
    return this.#prover(to).consistency(from);
  }

  /**
   * Resolves once `leaves` are durable, next to each other and in a signed tree that extends the one of `knownSize`.
   * Rejects with `JournalError`: `badForm`, `overloaded`, `diskLow` and `beyondTree` leave the log without them; after
   * `stopped` they may or may not be there.
   */
  append(leaves: readonly Uint8Array[], knownSize: number): Promise<AppendReceipt> {
    return new Promise((resolve, reject) => {
      const refusal = this.#stopped ?? this.#refusalOf(leaves, knownSize);
      if (refusal !== undefined) return reject(refusal);
      this.#waiting.push({ leaves, knownSize, resolve, reject });
      this.#waitingLeaves += leaves.length;
      this.#running ??= this.#run().finally(() => (this.#running = undefined));
    });
  }

  #refusalOf(leaves: readonly Uint8Array[], knownSize: number): JournalError | undefined {
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
      return new JournalError(
        'badForm',
        `an append has 1 to ${APPEND_LEAVES_MAX} entries and at most ${APPEND_BYTES_MAX} bytes`,
      );
    }
    if (knownSize > this.#head.size) return beyond(knownSize, this.#head.size);
    if (this.#waitingLeaves + leaves.length > WAITING_MAX) {
      return new JournalError('overloaded', `${this.#waitingLeaves} entries wait for the disk; try again`);
    }
    return undefined;
  }

  async #run(): Promise<void> {
    // One turn of the microtask queue, so that entries submitted together share the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#commit(batch);
      } catch (error) {
        const refusal = error instanceof JournalError ? error : stoppedBy(error);
        for (const waiting of batch) waiting.reject(refusal);
        if (refusal.code !== 'diskLow') return this.#stop(refusal);
      }
    }
  }

  #takeBatch(): Waiting[] {
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
    this.#waitingLeaves -= leaves;
    return this.#waiting.splice(0, count);
  }

  async #commit(batch: readonly Waiting[]): Promise<void> {
    if (this.#disk.freeBytes(this.#folder) < this.#freeBytesMin) {
      throw new JournalError(
        'diskLow',
        'free space is under the reserve; nothing was written. Free some space',
      );
    }
    const firstIndex = this.#tree.size;
    const { frame, synced } = this.#wal.write(batch.flatMap((waiting) => waiting.leaves));
    // Hashing overlaps with the device; nothing of it is shown before the sync has succeeded.
    for (const entry of frame.entries) this.#tree.append(entry);
    const prover = this.#prover(this.#tree.size);
    const root = prover.root();
    await synced;
    this.#head = this.#sign(prover.size, root);
    this.#answer(batch, firstIndex, prover);
    await this.#wal.rotate();
    if (this.#tree.pending >= FLUSH_AT) await this.#flushInTime();
  }

  #answer(batch: readonly Waiting[], firstIndex: number, prover: Prover): void {
    const { size, checkpoint } = this.#head;
    const proofs = new Map<number, readonly Uint8Array[]>();
    let index = firstIndex;
    for (const { leaves, knownSize, resolve } of batch) {
      const consistency = proofs.get(knownSize) ?? prover.consistency(knownSize);
      proofs.set(knownSize, consistency);
      const first = index;
      const inclusions = leaves.map((_, offset) => prover.inclusion(first + offset));
      resolve({ index, size, inclusions, consistency, checkpoint });
      index += leaves.length;
    }
  }

  /** Derived files are written behind; appends wait for them only when too many are in memory. */
  async #flushInTime(): Promise<void> {
    const flushing = this.#tree.flush();
    if (this.#tree.pending >= PENDING_MAX) return flushing;
    flushing.catch((error: unknown) => this.#stop(stoppedBy(error)));
  }

  #sign(size: number, root: Uint8Array): Head {
    const head = { origin: this.origin, size, root };
    const checkpoint = this.#note(formatCheckpoint(head), []);
    // Before the signature leaves the process, so that a restart can never sign another tree of this size.
    this.#register.set({ size, root });
    return { ...head, checkpoint };
  }

  #note(text: string, cosignatures: readonly NoteSignature[]): Uint8Array {
    return formatNote({ text, signatures: [this.#signer.sign(text), ...cosignatures] });
  }

  /**
   * Writes the files that a reader of the newest checkpoint needs, then the checkpoint itself, with `cosignatures`
   * where witnesses gave them for exactly that checkpoint.
   */
  async publish(head: Head = this.#head, cosignatures: readonly NoteSignature[] = []): Promise<Head> {
    await this.#tree.flush();
    await this.#tree.writePartials(head.size);
    const checkpoint = this.#note(formatCheckpoint(head), cosignatures);
    await this.#disk.replace(join(this.publicFolder, 'checkpoint'), checkpoint);
    return { ...head, checkpoint };
  }

  /** Lets the running batch finish, then closes the files and drops the lock. */
  async close(): Promise<void> {
    await this.#running;
    this.#stop(new JournalError('stopped', 'the journal was closed'));
    await this.#tree.flush().catch(() => undefined);
    this.#wal.close();
    this.#register.close();
    this.#lock?.release();
  }

  #stop(reason: JournalError): void {
    this.#stopped ??= reason;
    for (const waiting of this.#waiting) waiting.reject(reason);
    this.#waiting = [];
    this.#waitingLeaves = 0;
  }

  #prover(size: number): Prover {
    return new Prover(this.#hasher, size, this.#tree.readNode);
  }

  #refuseBeyond(size: number, end: number): void {
    if (size > end) throw beyond(size, end);
  }
}

function beyond(size: number, end: number): JournalError {
  return new JournalError('beyondTree', `the signed tree has ${end} leaves; ${size} was asked for`);
}

/** The state of the page cache after a failed sync is unknown, so it is never tried again. */
function stoppedBy(cause: unknown): JournalError {
  return new JournalError(
    'stopped',
    'the disk failed and the journal has stopped for good: no key is used until it was restarted. Check the disk',
    { cause },
  );
}

interface Parts {
  readonly disk: Disk;
  readonly folder: string;
  readonly lock: FolderLock | undefined;
  readonly hasher: TreeHasher;
  readonly register: SignedRegister;
  readonly tree: TreeFiles;
  readonly wal: Wal;
}

async function openParts(
  folder: string,
  disk: Disk,
  openWal: (walFolder: string, tree: TreeFiles, register: SignedRegister) => Promise<Wal>,
): Promise<Parts> {
  // A disk of a test is not a folder, and has one user.
  const lock = disk === nodeDisk ? takeFolder(folder) : undefined;
  const hasher = new TreeHasher(sha256Into);
  const register = new SignedRegister(disk.open(join(folder, 'signed')));
  try {
    const tree = new TreeFiles(disk, join(folder, 'public'), hasher);
    const wal = await openWal(join(folder, 'wal'), tree, register);
    return { disk, folder, lock, hasher, register, tree, wal };
  } catch (error) {
    register.close();
    lock?.release();
    throw error;
  }
}

function takeFolder(folder: string): FolderLock {
  try {
    return lockFolder(folder);
  } catch (cause) {
    throw new JournalError(
      'already-running',
      `another process writes the journal in ${folder}; stop it first`,
      { cause },
    );
  }
}

function closeParts(parts: Parts): void {
  parts.wal.close();
  parts.register.close();
  parts.lock?.release();
}

function signerOfGenesis(disk: Disk, folder: string, tree: TreeFiles): LogSigner {
  const genesis = decodeControlLeaf(tree.entries(0, 1, 1)[0] ?? new Uint8Array(0));
  const signer = readLogKey(disk, folder, controlField(genesis, 'origin') ?? '');
  if (controlField(genesis, 'log-key') !== formatVerifierKey(signer.key)) {
    throw new JournalError(
      'key-differs',
      'log.key is not the key that the genesis leaf names; restore it from a copy',
    );
  }
  return signer;
}

function refuseContradiction(parts: Parts, seen: KnownElsewhere): void {
  const size = parts.tree.size;
  if (seen.size > size) {
    throw new JournalError(
      'rolled-back',
      `${seen.source} knows this log with ${seen.size} leaves, the folder holds ${size}. ` +
        'Signing would make a second log: restore the missing entries, or open a new log that names this one',
    );
  }
  const root = new Prover(parts.hasher, seen.size, parts.tree.readNode).root();
  if (!equalBytes(root, seen.root)) {
    throw new JournalError(
      'forked',
      `${seen.source} knows another tree of ${seen.size} leaves. Signing would make a second log: ` +
        'keep both folders as evidence and open a new log that names this one',
    );
  }
}
