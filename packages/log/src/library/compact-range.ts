/**
 * The right border of a growing tree: the roots of its complete subtrees, largest first. Appending n leaves costs
 * exactly n − popcount(n) node hashes, and the root is their fold from the right.
 */
import { HASH_BYTES } from './primitives.ts';
import type { TreeHasher } from './hashing.ts';

/** Sizes stay below 2^53, so at most 53 complete subtrees, plus the leaf being added. */
const SUBTREES_MAX = 54;

/** Told of every complete subtree: `hash[at ..]` is the root over leaves [index · 2^level, (index + 1) · 2^level). */
export type OnSubtree = (level: number, index: number, hash: Uint8Array, at: number) => void;

export class CompactRange {
  readonly #hasher: TreeHasher;
  readonly #onSubtree: OnSubtree | undefined;
  readonly #stack = new Uint8Array(SUBTREES_MAX * HASH_BYTES);
  #depth = 0;
  #size = 0;

  constructor(hasher: TreeHasher, onSubtree?: OnSubtree) {
    this.#hasher = hasher;
    this.#onSubtree = onSubtree;
  }

  get size(): number {
    return this.#size;
  }

  append(entry: Uint8Array): void {
    const stack = this.#stack;
    const at = this.#depth * HASH_BYTES;
    this.#hasher.leaf(entry, stack, at);
    this.#merge(at);
  }

  /** Adds a leaf of which only the hash is known. */
  appendHash(leafHash: Uint8Array): void {
    const at = this.#depth * HASH_BYTES;
    this.#stack.set(leafHash, at);
    this.#merge(at);
  }

  #merge(leafAt: number): void {
    const stack = this.#stack;
    let at = leafAt;
    let index = this.#size;
    let level = 0;
    this.#onSubtree?.(level, index, stack, at);
    // Not `index & 1`: bit operators would cut the index to 32 bits.
    while (index % 2 === 1) {
      at -= HASH_BYTES;
      this.#hasher.node(stack, at, stack, at + HASH_BYTES, stack, at);
      index = (index - 1) / 2;
      level += 1;
      this.#onSubtree?.(level, index, stack, at);
    }
    this.#depth = at / HASH_BYTES + 1;
    this.#size += 1;
  }

  root(): Uint8Array {
    if (this.#depth === 0) return this.#hasher.emptyRoot();
    const root = this.#stack.slice((this.#depth - 1) * HASH_BYTES, this.#depth * HASH_BYTES);
    for (let depth = this.#depth - 2; depth >= 0; depth--) {
      this.#hasher.node(this.#stack, depth * HASH_BYTES, root, 0, root, 0);
    }
    return root;
  }
}
