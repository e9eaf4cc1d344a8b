/**
 * The journal: one writer, one write-ahead log, no timer. Entries that arrive while a batch is being synced form the
 * next batch. Life of a batch: written → durable → checkpoint signed → register set → receipts, in submission order.
 */
import { join } from 'node:path';
import type { FolderLock } from '@counterfoil/wire/folder-lock';
import { type Checkpoint, formatCheckpoint } from '../library/checkpoint.ts';
import type { TreeHasher } from '../library/hashing.ts';
import { type NoteSignature, formatNote } from '../library/note.ts';
import { Prover } from '../library/prove.ts';
import type { VerifierKey } from '../library/verifier-key.ts';
import type { LogSigner } from '../signer.ts';
import { type AppendReceipt, AppendQueue, type Waiting } from './append-queue.ts';
import { type Disk, nodeDisk } from './disk.ts';
import { JournalError } from './error.ts';
import { type Parts, contradictionOf, createFiles, openFiles } from './opening.ts';
import type { GenesisOptions, JournalOptions, KnownElsewhere } from './options.ts';
import type { SignedRegister } from './signed-register.ts';
import type { TreeFiles } from './tree-files.ts';
import { Wal } from './wal.ts';

/** Space that stays free, so that a full disk never stops a cancel or a result leaf of an order already sent. */
const FREE_BYTES_MIN = 64 * 1024 * 1024;

/** The newest signed tree. */
export interface Head extends Checkpoint {
  readonly checkpoint: Uint8Array;
}

/** One entry, proven to be in the newest signed tree. */
export interface ProvenEntry {
  readonly entry: Uint8Array;
  readonly size: number;
  readonly inclusion: readonly Uint8Array[];
  readonly consistency: readonly Uint8Array[];
  readonly checkpoint: Uint8Array;
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
  readonly #queue = new AppendQueue();
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
    const { parts, signer } = await createFiles(folder, options);
    return new Journal(parts, signer, options);
  }

  /**
   * Replays the log and derives its tiles again where they are missing. Throws `JournalError` where the folder, the
   * last-signed register or anything in `options.known` contradicts what it holds; then nothing was signed.
   */
  static async open(folder: string, options: JournalOptions = {}): Promise<Journal> {
    const { parts, signer } = await openFiles(folder, options);
    return new Journal(parts, signer, options);
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
      const refusal = this.#stopped ?? this.#queue.refusalOf(leaves);
      if (refusal !== undefined) return reject(refusal);
      if (knownSize > this.#head.size) return reject(beyond(knownSize, this.#head.size));
      this.#queue.push({ leaves, knownSize, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  async #run(): Promise<void> {
    // One turn of the microtask queue, so that entries submitted together share the first batch.
    await Promise.resolve();
    while (!this.#queue.empty && this.#stopped === undefined) await this.#tryBatch(this.#queue.takeBatch());
    // In the same turn as the last look at the queue: an append between the two would wait for ever.
    this.#running = undefined;
  }

  async #tryBatch(batch: readonly Waiting[]): Promise<void> {
    try {
      await this.#commit(batch);
    } catch (error) {
      const refusal = error instanceof JournalError ? error : stoppedBy(error);
      for (const waiting of batch) waiting.reject(refusal);
      if (refusal.code !== 'diskLow') this.#stop(refusal);
    }
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
    // Files of earlier batches and hashing overlap with the device; no hash is shown before the sync has succeeded.
    this.#flush();
    for (const entry of frame.entries) this.#tree.append(entry);
    const prover = this.#prover(this.#tree.size);
    const root = prover.root();
    await synced;
    if (this.#stopped !== undefined) throw this.#stopped;
    this.#head = this.#sign(prover.size, root);
    this.#answer(batch, firstIndex, prover);
    await this.#wal.rotate();
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

  /** Writes what became full. That a derived file cannot be written says as much about the disk as a failed append. */
  #flush(): void {
    try {
      this.#tree.flush();
    } catch (error) {
      this.#stop(stoppedBy(error));
    }
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
  publish(head: Head = this.#head, cosignatures: readonly NoteSignature[] = []): Head {
    if (this.#stopped !== undefined) throw this.#stopped;
    this.#tree.flush();
    this.#tree.writePartials(head.size);
    const checkpoint = this.#note(formatCheckpoint(head), cosignatures);
    this.#disk.replace(join(this.publicFolder, 'checkpoint'), checkpoint);
    return { ...head, checkpoint };
  }

  /**
   * Compares a tree that carries this log's signature with our own, and stops for good where both cannot be this log:
   * whatever is signed from here on would be the second story.
   */
  confront(seen: KnownElsewhere): void {
    const contradiction = contradictionOf(seen, this.#head.size, (size) => this.rootAt(size));
    if (contradiction !== undefined) this.#stop(new JournalError('stopped', contradiction.message));
  }

  /** Lets the running batch finish, then closes the files and drops the lock. */
  async close(): Promise<void> {
    await this.#running;
    this.#stop(new JournalError('stopped', 'the journal was closed'));
    this.#flush();
    this.#wal.close();
    this.#register.close();
    this.#lock?.release();
  }

  #stop(reason: JournalError): void {
    this.#stopped ??= reason;
    this.#queue.rejectAll(reason);
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
