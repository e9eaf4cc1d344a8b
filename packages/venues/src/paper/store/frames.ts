import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';

/** Bytes before each frame's payload: its length and its CRC-32, both little-endian. */
const HEADER_BYTES = 8;

/**
 * Frames a value for a file. The payload is V8's structured clone format, which keeps `bigint` and `Map` and
 * is readable by every later version; the checksum tells a torn write from a whole one.
 */
export function encodeFrame(value: unknown): Buffer {
  const payload = serialize(value);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([header, payload]);
}

export interface ReadFrames {
  readonly values: readonly unknown[];
  /** Bytes up to the end of the last whole frame. */
  readonly wholeBytes: number;
  /** True when a damaged frame is followed by more data, which no torn write explains. */
  readonly isCorrupt: boolean;
}

/** Reads whole frames up to the first damaged one. */
export function readFrames(file: Buffer): ReadFrames {
  const values: unknown[] = [];
  let offset = 0;
  while (offset + HEADER_BYTES <= file.length) {
    const end = offset + HEADER_BYTES + file.readUInt32LE(offset);
    if (end > file.length || end === offset + HEADER_BYTES) break;
    const payload = file.subarray(offset + HEADER_BYTES, end);
    if (crc32(payload) !== file.readUInt32LE(offset + 4)) {
      return { values, wholeBytes: offset, isCorrupt: end < file.length };
    }
    values.push(deserialize(payload));
    offset = end;
  }
  return { values, wholeBytes: offset, isCorrupt: false };
}
