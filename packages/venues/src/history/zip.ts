import { inflateRawSync } from 'node:zlib';
import { HistoryError } from './history-error.ts';

/** A month of one-minute candles is 5 MB, a month of a busy market's trades 3 GB, which is fetched by day. */
const ENTRY_BYTES_MAX = 1_500_000_000;
const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 0xffff;
const STORED = 0;
const DEFLATED = 8;

/**
 * The one file inside an archive of the public data site. Reads the central directory at the end, as the format
 * demands (PKWARE APPNOTE 4.3.16), and refuses archives with more than one entry or with anything encrypted.
 */
export function unzipSingle(archive: Buffer): Buffer {
  const end = findEnd(archive);
  if (archive.readUInt16LE(end + 10) !== 1) throw broken('it does not hold exactly one file');
  const entry = archive.readUInt32LE(end + 16);
  if (entry + 46 > archive.length || archive.readUInt32LE(entry) !== ENTRY_SIGNATURE)
    throw broken('its directory is damaged');
  const flags = archive.readUInt16LE(entry + 8);
  const method = archive.readUInt16LE(entry + 10);
  const packedBytes = archive.readUInt32LE(entry + 20);
  const bytes = archive.readUInt32LE(entry + 24);
  const header = archive.readUInt32LE(entry + 42);
  if ((flags & 1) !== 0) throw broken('it is encrypted');
  if (bytes > ENTRY_BYTES_MAX) throw broken('it is larger than any archive of candles');
  if (header + 30 > archive.length) throw broken('its directory is damaged');
  const start = header + 30 + archive.readUInt16LE(header + 26) + archive.readUInt16LE(header + 28);
  const packed = archive.subarray(start, start + packedBytes);
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw broken(`it is packed by method ${method}`);
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
}

function findEnd(archive: Buffer): number {
  const lowest = Math.max(0, archive.length - END_BYTES - COMMENT_BYTES_MAX);
  for (let offset = archive.length - END_BYTES; offset >= lowest; offset--) {
    if (archive.readUInt32LE(offset) === END_SIGNATURE) return offset;
  }
  throw broken('it has no end record');
}

function broken(reason: string): HistoryError {
  return new HistoryError(
    'bad-archive',
    `The archive cannot be read: ${reason}. Delete the file and download it again.`,
  );
}
