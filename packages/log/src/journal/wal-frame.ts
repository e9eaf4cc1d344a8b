/**
 * One batch of the write-ahead log. Frames start at multiples of 512 bytes, a sector, so that a torn write spoils
 * only its own frame and a later one can be found by looking at every multiple.
 *
 * Header, big endian: magic(8) · index of the first entry u64 · count u32 · body bytes u32 · header CRC of the frame
 * before u32 · body CRC u32 · header CRC u32. The body has the form of an entry bundle.
 */
import { crc32 } from 'node:zlib';
import { decodeBundle, writeBundled } from '../library/entry-bundle.ts';
import { concatBytes, equalBytes } from '../library/primitives.ts';

export const SECTOR_BYTES = 512;
const HEADER_BYTES = 36;
const MAGIC = Uint8Array.from(Buffer.from('CFWAL\0\0\x01', 'latin1'));
/** Above any batch: 1 MiB, the append of at most 4 MiB that passes it, and two bytes per entry. */
export const BODY_BYTES_MAX = 8 * 1024 * 1024;

export interface Frame {
  readonly firstIndex: number;
  readonly entries: readonly Uint8Array[];
  /** Names this frame in the next one, so that a leftover of an abandoned tail cannot follow a new frame. */
  readonly chain: number;
  /** Whole sectors. */
  readonly bytes: number;
}

/** Encodes a frame; its `entries` are views into the returned buffer, which nobody else writes. */
export function encodeFrame(
  firstIndex: number,
  entries: readonly Uint8Array[],
  previousChain: number,
): { readonly frame: Frame; readonly encoded: Uint8Array } {
  let bodyBytes = 0;
  for (const entry of entries) bodyBytes += 2 + entry.length;
  const encoded = new Uint8Array(wholeSectors(HEADER_BYTES + bodyBytes));
  const views: Uint8Array[] = [];
  let at = HEADER_BYTES;
  for (const entry of entries) {
    const end = writeBundled(entry, encoded, at);
    views.push(encoded.subarray(at + 2, end));
    at = end;
  }
  encoded.set(MAGIC);
  const header = new DataView(encoded.buffer, 0, HEADER_BYTES);
  header.setBigUint64(8, BigInt(firstIndex));
  header.setUint32(16, entries.length);
  header.setUint32(20, bodyBytes);
  header.setUint32(24, previousChain);
  header.setUint32(28, crc32(encoded.subarray(HEADER_BYTES, at)));
  const chain = crc32(encoded.subarray(0, HEADER_BYTES - 4));
  header.setUint32(32, chain);
  return { frame: { firstIndex, entries: views, chain, bytes: encoded.length }, encoded };
}

export interface FrameHeader {
  readonly firstIndex: number;
  readonly count: number;
  readonly bodyBytes: number;
  readonly previousChain: number;
  readonly bodyCrc: number;
  readonly chain: number;
}

/** The header at the start of `bytes`, if one is there and whole. */
export function decodeHeader(bytes: Uint8Array): FrameHeader | undefined {
  if (bytes.length < HEADER_BYTES || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  const chain = view.getUint32(32);
  if (crc32(bytes.subarray(0, HEADER_BYTES - 4)) !== chain) return undefined;
  const bodyBytes = view.getUint32(20);
  const firstIndex = view.getBigUint64(8);
  if (bodyBytes > BODY_BYTES_MAX || firstIndex > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  return {
    firstIndex: Number(firstIndex),
    count: view.getUint32(16),
    bodyBytes,
    previousChain: view.getUint32(24),
    bodyCrc: view.getUint32(28),
    chain,
  };
}

/** The frame at the start of `bytes`, if header and body are whole. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  const header = decodeHeader(bytes);
  if (header === undefined) return undefined;
  const body = bytes.subarray(HEADER_BYTES, HEADER_BYTES + header.bodyBytes);
  if (body.length < header.bodyBytes || crc32(body) !== header.bodyCrc) return undefined;
  const { firstIndex, chain } = header;
  const entries = decodeBundle(concatBytes(body), header.count);
  return { firstIndex, entries, chain, bytes: wholeSectors(HEADER_BYTES + header.bodyBytes) };
}

/** Bytes to read for the frame with `header`. */
export function frameBytes(header: FrameHeader): number {
  return wholeSectors(HEADER_BYTES + header.bodyBytes);
}

function wholeSectors(bytes: number): number {
  return Math.ceil(bytes / SECTOR_BYTES) * SECTOR_BYTES;
}
