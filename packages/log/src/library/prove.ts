/** Making inclusion and consistency proofs (RFC 6962 §2.1.1, §2.1.2) from complete subtrees. */
import { LogError } from './error.ts';
import { half } from './inclusion.ts';
import type { TreeHasher } from './hashing.ts';

/** Root of the complete subtree over leaves [index · 2^level, (index + 1) · 2^level). */
export type ReadNode = (level: number, index: number) => Uint8Array;

/** Proofs for the tree of one size. Its incomplete right subtrees are hashed once and shared by all proofs. */
export class Prover {
  readonly size: number;
  readonly #hasher: TreeHasher;
  readonly #readNode: ReadNode;
  /** `edge[l]` is the root over [size − size mod 2^l, size), where that is not empty. */
  readonly #edge: (Uint8Array | undefined)[] = [];
  /**
   * By level: the node that was read last. Neighbouring leaves share nearly all siblings, so a batch reads about two
   * nodes per leaf instead of one per level. The proofs share the arrays; nobody writes to them.
   */
  readonly #lastNode: { index: number; hash: Uint8Array }[] = [];

  constructor(hasher: TreeHasher, size: number, readNode: ReadNode) {
    this.size = size;
    this.#hasher = hasher;
    this.#readNode = readNode;
    let edge: Uint8Array | undefined;
    for (let level = 0, rest = size; ; level++, rest = half(rest)) {
      this.#edge.push(edge);
      if (rest === 0) break;
      if (rest % 2 === 0) continue;
      const left = readNode(level, rest - 1);
      edge = edge === undefined ? left : hasher.nodeHash(left, edge);
    }
  }

  root(): Uint8Array {
    return this.#edge.at(-1) ?? this.#hasher.emptyRoot();
  }

  /** Siblings from the leaf up. */
  inclusion(index: number): Uint8Array[] {
    if (index >= this.size)
      throw new LogError('index-beyond-tree', `leaf ${index} is not in a tree of size ${this.size}`);
    const proof: Uint8Array[] = [];
    let position = index;
    let count = this.size;
    // `count` complete subtrees at this level, and perhaps the edge after them.
    for (let level = 0; level + 1 < this.#edge.length; level++) {
      const sibling = position % 2 === 1 ? position - 1 : position + 1;
      const hash =
        sibling < count ? this.#sibling(level, sibling) : sibling === count ? this.#edge[level] : undefined;
      if (hash !== undefined) proof.push(hash);
      position = half(position);
      count = half(count);
    }
    return proof;
  }

  #sibling(level: number, index: number): Uint8Array {
    const last = this.#lastNode[level];
    if (last?.index === index) return last.hash;
    const hash = this.#readNode(level, index);
    this.#lastNode[level] = { index, hash };
    return hash;
  }

  /** That this tree extends the one of `from` leaves: RFC 6962's SUBPROOF, without recursion into complete halves. */
  consistency(from: number): Uint8Array[] {
    if (from > this.size) throw new LogError('size-shrinks', `no proof from size ${from} to ${this.size}`);
    if (from === 0 || from === this.size) return [];
    const proof: Uint8Array[] = [];
    let start = 0;
    let end = this.size;
    let whole = true;
    // Walk down to the subtree that ends exactly at `from`; what is passed on the way is the proof.
    while (end !== from) {
      const middle = start + powerBelow(end - start);
      if (from <= middle) {
        proof.push(this.#range(middle, end));
        end = middle;
      } else {
        proof.push(this.#range(start, middle));
        start = middle;
        whole = false;
      }
    }
    // The verifier knows the old root, so a subtree that is the whole old tree is left out.
    if (!whole) proof.push(this.#range(start, end));
    return proof.reverse();
  }

  /** Root over [start, end), which is complete and aligned, or reaches the tree's end. */
  #range(start: number, end: number): Uint8Array {
    const width = end - start;
    const power = width === 1 ? 1 : powerBelow(width) * 2;
    const level = Math.round(Math.log2(power));
    if (width === power) return this.#readNode(level, start / power);
    const edge = this.#edge[level];
    if (edge === undefined || end !== this.size)
      throw new LogError('index-beyond-tree', `[${start}, ${end}) is not a subtree`);
    return edge;
  }
}

/** Largest power of two below `value`, which is at least 2. */
function powerBelow(value: number): number {
  let power = 1;
  while (power * 2 < value) power *= 2;
  return power;
}
