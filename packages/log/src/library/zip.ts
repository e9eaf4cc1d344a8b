/**
 * Deterministic ZIP files: stored, sorted names, fixed times. The same content is the same bytes, so a bundle that is
 * exported twice can be compared by its hash. The reader takes exactly what the writer makes.
 */
import { LogError } from './error.ts';
import { concatBytes, equalBytes, utf8 } from './primitives.ts';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
/** 1 January 1980, the earliest that the format knows. */
const DATE = 0x0021;
/** Version 2.0; bit 11: names are UTF-8. */
const VERSION = 20;
const FLAGS = 0x0800;
/** Relative paths of plain characters: no traversal, no drive, no empty part. */
const NAME = /^(?!\.)[A-Za-z0-9._-]+(\/(?!\.)[A-Za-z0-9._-]+)*$/;
/** Without ZIP64. */
const FILES_MAX = 65_535;
const BYTES_MAX = 0xffff_ffff;

export type Files = ReadonlyMap<string, Uint8Array>;

export function writeZip(files: Files): Uint8Array {
  const parts: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  const names = [...files.keys()].sort();
  if (names.length > FILES_MAX) throw new LogError('bad-bundle', `${names.length} files`);
  for (const name of names) {
    if (!NAME.test(name)) throw new LogError('bad-bundle', `file name ${JSON.stringify(name)}`);
    const data = files.get(name) ?? new Uint8Array(0);
    const entry = entryFields(utf8(name), data);
    const local = concatBytes(fields([LOCAL, 4]), entry, utf8(name), data);
    central.push(
      concatBytes(
        fields([CENTRAL, 4], [VERSION, 2]),
        entry,
        fields([0, 2], [0, 2], [0, 2], [0, 4], [at, 4]),
        utf8(name),
      ),
    );
    parts.push(local);
    at += local.length;
    if (at > BYTES_MAX) throw new LogError('bad-bundle', 'over 4 GiB');
  }
  const directory = concatBytes(...central);
  const count = names.length;
  parts.push(
    directory,
    fields([END, 4], [0, 2], [0, 2], [count, 2], [count, 2], [directory.length, 4], [at, 4], [0, 2]),
  );
  return concatBytes(...parts);
}

/** What local and central headers share, from the version on. */
function entryFields(name: Uint8Array, data: Uint8Array): Uint8Array {
  return fields(
    [VERSION, 2],
    [FLAGS, 2],
    [0, 2],
    [0, 2],
    [DATE, 2],
    [crc32(data), 4],
    [data.length, 4],
    [data.length, 4],
    [name.length, 2],
    [0, 2],
  );
}

/** Little-endian numbers with their widths. */
function fields(...values: readonly (readonly [value: number, width: 2 | 4])[]): Uint8Array {
  const out = new Uint8Array(values.reduce((sum, [, width]) => sum + width, 0));
  const view = new DataView(out.buffer);
  let at = 0;
  for (const [value, width] of values) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  return out;
}

/** Reads the files and refuses the archive unless writing them again gives the same bytes. */
export function readZip(bytes: Uint8Array): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at + 30 <= bytes.length && view.getUint32(at, true) === LOCAL) {
    const nameAt = at + 30;
    const dataAt = nameAt + view.getUint16(at + 26, true);
    const end = dataAt + view.getUint32(at + 22, true);
    if (end > bytes.length) throw new LogError('bad-bundle', 'a file ends beyond the archive');
    const name = String.fromCharCode(...bytes.subarray(nameAt, dataAt));
    if (!NAME.test(name)) throw new LogError('bad-bundle', `file name ${JSON.stringify(name)}`);
    if (files.has(name)) throw new LogError('bad-bundle', `${name} twice`);
    files.set(name, bytes.slice(dataAt, end));
    at = end;
  }
  // One form: what two readers could take differently (comments, gaps, compression, second directories) is refused.
  if (!equalBytes(writeZip(files), bytes))
    throw new LogError('bad-bundle', 'not an archive of the one form that is read');
  return files;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

function crc32(data: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of data) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}
