/**
 * The last tree that was signed, in two slots used in turn. It is not synced by itself: it survives the end of the
 * process, and after a power cut it may be older than the write-ahead log, never newer than what was synced with it.
 * A log that comes back smaller or different than this is refused.
 */
import { crc32 } from 'node:zlib';
import { HASH_BYTES } from '../library/primitives.ts';
import type { KnownTree } from '../library/receipt.ts';
import type { WritableFile } from './disk.ts';
import { SECTOR_BYTES } from './wal-frame.ts';

const USED_BYTES = 8 + HASH_BYTES;

export class SignedRegister {
  readonly #file: WritableFile;
  #slot = 0;

  constructor(file: WritableFile) {
    this.#file = file;
  }

  /** The larger of the readable slots. */
  last(): KnownTree | undefined {
    const trees = [0, 1].map((slot) => decodeSlot(this.#file.read(slot * SECTOR_BYTES, SECTOR_BYTES)));
    const [first, second] = trees;
    this.#slot = (first?.size ?? -1) > (second?.size ?? -1) ? 1 : 0;
    return this.#slot === 1 ? first : second;
  }

  set(tree: KnownTree): void {
    const sector = new Uint8Array(SECTOR_BYTES);
    const view = new DataView(sector.buffer);
    view.setBigUint64(0, BigInt(tree.size));
    sector.set(tree.root, 8);
    view.setUint32(USED_BYTES, crc32(sector.subarray(0, USED_BYTES)));
    this.#file.write(sector, this.#slot * SECTOR_BYTES);
    this.#slot = 1 - this.#slot;
  }

  close(): void {
    this.#file.close();
  }
}

function decodeSlot(sector: Uint8Array): KnownTree | undefined {
  if (sector.length < SECTOR_BYTES) return undefined;
  const view = new DataView(sector.buffer, sector.byteOffset);
  if (view.getUint32(USED_BYTES) !== crc32(sector.subarray(0, USED_BYTES))) return undefined;
  return { size: Number(view.getBigUint64(0)), root: sector.slice(8, USED_BYTES) };
}
