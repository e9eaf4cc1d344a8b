/** One pass over all entries of a log: its tree, its tags, and the chain of one key. */
import { ChainReader } from './chain-reader.ts';
import { CompactRange } from './compact-range.ts';
import { decodeControlLeaf, isControlLeaf } from './control-leaf.ts';
import { LogError } from './error.ts';
import { TreeHasher } from './hashing.ts';
import type { HistoryInput } from './history-input.ts';
import { isPrivateLeaf, parseLeaf } from './leaf.ts';
import type { CosignedCheckpoint } from './open-checkpoint.ts';
import { HASH_BYTES, type Primitives, hexOf } from './primitives.ts';
import { TagIndex } from './tag-index.ts';

export class Scan {
  readonly chain: ChainReader | undefined;
  readonly duplicates: string[] = [];
  readonly malformed: string[] = [];
  readonly overruns: string[] = [];
  /** Roots at the sizes that other checkpoints name. */
  readonly roots = new Map<number, Uint8Array>();
  readonly #range: CompactRange;
  readonly #tags: TagIndex;
  readonly #expectedSize: number;
  /** Of the entry that was added last. */
  readonly #leafHash = new Uint8Array(HASH_BYTES);

  constructor(
    primitives: Primitives,
    input: HistoryInput,
    final: CosignedCheckpoint,
    others: readonly CosignedCheckpoint[],
  ) {
    const { connection } = input;
    this.chain = connection && new ChainReader(primitives, connection, connection.viewKey);
    this.#expectedSize = final.size;
    this.#tags = new TagIndex(final.size);
    for (const { size } of others) this.roots.set(size, new Uint8Array(0));
    this.#range = new CompactRange(new TreeHasher(primitives.sha256Into), (level, _index, hash, at) => {
      if (level === 0) this.#leafHash.set(hash.subarray(at, at + HASH_BYTES));
    });
    this.#keepRoot();
  }

  get size(): number {
    return this.#range.size;
  }

  root(): Uint8Array {
    return this.#range.root();
  }

  see(entry: Uint8Array): void {
    const index = this.#range.size;
    // What lies beyond the checkpoint is nobody's word; it only ever makes the root differ.
    if (index >= this.#expectedSize) return void this.overruns.push(`entry ${index}`);
    this.#range.append(entry);
    this.#keepRoot();
    if (isPrivateLeaf(entry)) this.#seePrivate(entry, index);
    else this.#seeControl(entry, index);
  }

  #keepRoot(): void {
    if (this.roots.has(this.size)) this.roots.set(this.size, this.root());
  }

  #seePrivate(entry: Uint8Array, index: number): void {
    const leaf = parseLeaf(entry);
    const earlier = this.#tags.add(leaf.tag, index);
    if (earlier !== undefined)
      this.duplicates.push(`leaves ${earlier} and ${index} have the tag ${hexOf(leaf.tag)}`);
    this.chain?.see(leaf, index, this.#leafHash);
  }

  #seeControl(entry: Uint8Array, index: number): void {
    try {
      if (!isControlLeaf(entry)) throw new LogError('bad-leaf', 'neither a private nor a control leaf');
      const { kind } = decodeControlLeaf(entry);
      if ((kind === 'genesis') !== (index === 0)) throw new LogError('bad-leaf', `a ${kind} leaf here`);
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      this.malformed.push(`entry ${index}: ${error.message}`);
    }
  }
}
