/**
 * The tree over the write-ahead log, and the public files that are derived from it: tiles of hashes and bundles of
 * entries. In memory are the open tile of each level, whatever is not yet on disk, and a bounded cache.
 */
import { join } from 'node:path';
import { CompactRange } from '../library/compact-range.ts';
import { decodeBundle, encodeBundle } from '../library/entry-bundle.ts';
import type { TreeHasher } from '../library/hashing.ts';
import { equalBytes } from '../library/primitives.ts';
import { TILE_HEIGHT, TILE_WIDTH, type Tile, checkTile, tilePath, tileWidth } from '../library/tile.ts';
import type { Disk } from './disk.ts';
import { JournalError } from './error.ts';
import { TileNodes } from './tile-nodes.ts';

/** 16 KiB each: 16 MiB of old tiles for proofs from old sizes. */
const CACHED_TILES_MAX = 1_024;

export class TreeFiles {
  readonly #disk: Disk;
  readonly #folder: string;
  readonly #hasher: TreeHasher;
  readonly #range: CompactRange;
  /** By level: the tile that is being filled. */
  readonly #open: TileNodes[] = [];
  #openBundle: Uint8Array[] = [];
  /** Full tiles that are not on disk yet, by level and index. */
  readonly #pendingTiles = new Map<string, TileNodes>();
  readonly #pendingBundles = new Map<number, Uint8Array>();
  readonly #cache = new Map<string, TileNodes>();
  /** Paths of full tiles that have partial ones beside them, as far as this process wrote them. */
  readonly #partial = new Set<string>();

  constructor(disk: Disk, folder: string, hasher: TreeHasher) {
    this.#disk = disk;
    this.#folder = folder;
    this.#hasher = hasher;
    this.#range = new CompactRange(hasher, (level, index, hash, at) => this.#keep(level, index, hash, at));
  }

  get size(): number {
    return this.#range.size;
  }

  /** Full tiles and bundles that still have to be written. */
  get pending(): number {
    return this.#pendingTiles.size + this.#pendingBundles.size;
  }

  /** Adds an entry, which the caller will not change any more. */
  append(entry: Uint8Array): void {
    this.#range.append(entry);
    this.#openBundle.push(entry);
    if (this.#openBundle.length < TILE_WIDTH) return;
    this.#pendingBundles.set(this.size / TILE_WIDTH - 1, encodeBundle(this.#openBundle));
    this.#openBundle = [];
  }

  #keep(level: number, index: number, hash: Uint8Array, at: number): void {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const row = level % TILE_HEIGHT;
    const tile = (this.#open[tileLevel] ??= new TileNodes(0));
    tile.set(row, index, hash, at);
    // The right one of the top two nodes comes last; what is above it belongs to the next level.
    if (row < TILE_HEIGHT - 1 || index % 2 === 0) return;
    this.#pendingTiles.set(key(tileLevel, tile.index), tile);
    this.#open[tileLevel] = new TileNodes(tile.index + 1);
  }

  /** Root over the complete subtree of `2^level` leaves. */
  readNode = (level: number, index: number): Uint8Array => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    const row = level % TILE_HEIGHT;
    return this.#tile(tileLevel, Math.floor(index / (TILE_WIDTH / 2 ** row))).get(row, index);
  };

  #tile(level: number, index: number): TileNodes {
    const open = this.#open[level];
    if (open?.index === index) return open;
    const name = key(level, index);
    const known = this.#pendingTiles.get(name) ?? this.#cache.get(name);
    if (known !== undefined) return known;
    const tile = { level, index, width: TILE_WIDTH };
    const bytes = this.#disk.read(join(this.#folder, tilePath(tile)));
    if (bytes === undefined)
      throw new JournalError('wal-damaged', `${tilePath(tile)} is gone; restart to derive it again`);
    checkTile(tile, bytes);
    const read = TileNodes.fromHashes(this.#hasher, index, bytes);
    // The oldest goes first: proofs from one old size ask for neighbouring tiles within one request.
    const [oldest] = this.#cache.keys();
    if (this.#cache.size >= CACHED_TILES_MAX && oldest !== undefined) this.#cache.delete(oldest);
    this.#cache.set(name, read);
    return read;
  }

  /** Entries from `from`, at most `count`, below `end`. */
  entries(from: number, count: number, end: number): Uint8Array[] {
    const last = Math.min(end, from + count);
    const entries: Uint8Array[] = [];
    for (let at = from; at < last;) {
      const bundle = this.#bundle(Math.floor(at / TILE_WIDTH));
      const part = bundle.slice(at % TILE_WIDTH, (at % TILE_WIDTH) + last - at);
      entries.push(...part);
      at += part.length;
    }
    return entries;
  }

  #bundle(index: number): readonly Uint8Array[] {
    if (index === Math.floor(this.size / TILE_WIDTH)) return this.#openBundle;
    const path = tilePath({ level: 'entries', index, width: TILE_WIDTH });
    const bytes = this.#pendingBundles.get(index) ?? this.#disk.read(join(this.#folder, path));
    if (bytes === undefined)
      throw new JournalError('wal-damaged', `${path} is gone; restart to derive it again`);
    return decodeBundle(bytes, TILE_WIDTH);
  }

  /** Writes the full tiles and bundles that are not on disk yet. */
  flush(): void {
    this.#flushWith((path, bytes) => this.#writeFull(path, bytes));
  }

  /** The same while the log is replayed: nearly all are there already, and are only compared. */
  flushReplayed(): void {
    this.#flushWith((path, bytes) => {
      const known = this.#disk.read(join(this.#folder, path));
      if (known === undefined || !equalBytes(known, bytes)) this.#replace(path, bytes);
    });
  }

  #flushWith(write: (path: string, bytes: Uint8Array) => void): void {
    for (const [index, bundle] of this.#pendingBundles) {
      write(tilePath({ level: 'entries', index, width: TILE_WIDTH }), bundle);
      this.#pendingBundles.delete(index);
    }
    for (const [name, tile] of this.#pendingTiles) {
      const [level = 0, index = 0] = name.split('/').map(Number);
      write(tilePath({ level, index, width: TILE_WIDTH }), tile.hashes(TILE_WIDTH));
      this.#pendingTiles.delete(name);
    }
  }

  #writeFull(path: string, bytes: Uint8Array): void {
    this.#replace(path, bytes);
    // Readers may fall back to the full tile, so the partial ones are no longer needed.
    if (this.#partial.delete(path)) this.#disk.remove(join(this.#folder, `${path}.p`));
  }

  /** Writes the partial tiles that a reader of the checkpoint for `size` asks for. Flush what is full before. */
  writePartials(size: number): void {
    for (let level = 0; level < this.#open.length; level++) {
      const index = Math.floor(size / TILE_WIDTH ** (level + 1));
      const width = tileWidth(level, index, size);
      if (width === 0) continue;
      const tile = { level, index, width };
      this.#writePartial(tile, this.#tile(level, index).hashes(width));
    }
    const index = Math.floor(size / TILE_WIDTH);
    const width = size % TILE_WIDTH;
    if (width === 0) return;
    const entries = this.#bundle(index).slice(0, width);
    this.#writePartial({ level: 'entries', index, width }, encodeBundle(entries));
  }

  #writePartial(tile: Tile, bytes: Uint8Array): void {
    this.#partial.add(tilePath({ ...tile, width: TILE_WIDTH }));
    this.#replace(tilePath(tile), bytes);
  }

  #replace(path: string, bytes: Uint8Array): void {
    this.#disk.replace(join(this.#folder, path), bytes);
  }
}

function key(level: number, index: number): string {
  return `${level}/${index}`;
}
