/** A tile in memory: its 256 hashes and the seven rows of nodes above them, so that proofs need no hashing. */
import type { TreeHasher } from '../library/hashing.ts';
import { HASH_BYTES } from '../library/primitives.ts';
import { TILE_HEIGHT, TILE_WIDTH } from '../library/tile.ts';

/** 256 + 128 + … + 2; the node above the last two belongs to the tile above. */
const NODES = 2 * TILE_WIDTH - 2;

export class TileNodes {
  readonly index: number;
  readonly #nodes = new Uint8Array(NODES * HASH_BYTES);

  constructor(index: number) {
    this.index = index;
  }

  /** A full tile, with its inner nodes recomputed. */
  static fromHashes(hasher: TreeHasher, index: number, hashes: Uint8Array): TileNodes {
    const tile = new TileNodes(index);
    const nodes = tile.#nodes;
    nodes.set(hashes);
    for (let row = 1; row < TILE_HEIGHT; row++) {
      for (let i = 0; i < rowWidth(row); i++) {
        const left = (rowStart(row - 1) + 2 * i) * HASH_BYTES;
        hasher.node(nodes, left, nodes, left + HASH_BYTES, nodes, (rowStart(row) + i) * HASH_BYTES);
      }
    }
    return tile;
  }

  /** Keeps the node `index` (counted in the whole tree) of `row`. */
  set(row: number, index: number, hash: Uint8Array, at: number): void {
    const to = this.#at(row, index);
    for (let i = 0; i < HASH_BYTES; i++) this.#nodes[to + i] = hash[at + i] ?? 0;
  }

  get(row: number, index: number): Uint8Array {
    const at = this.#at(row, index);
    return this.#nodes.slice(at, at + HASH_BYTES);
  }

  /** The first `width` hashes: the content of the tile's file. */
  hashes(width: number): Uint8Array {
    return this.#nodes.slice(0, width * HASH_BYTES);
  }

  #at(row: number, index: number): number {
    return (rowStart(row) + (index % rowWidth(row))) * HASH_BYTES;
  }
}

function rowWidth(row: number): number {
  return TILE_WIDTH >> row;
}

function rowStart(row: number): number {
  return 2 * (TILE_WIDTH - rowWidth(row));
}
