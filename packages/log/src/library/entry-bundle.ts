/** C2SP entry bundles: for each entry its length in 16 bits, big endian, then its bytes. */
import { LogError } from './error.ts';

export const ENTRY_BYTES_MAX = 0xffff;

/** Bytes that `entry` takes in a bundle. */
export function bundledBytes(entry: Uint8Array): number {
  return 2 + entry.length;
}

/** Writes one entry at `out[at ..]` and returns the place after it. */
export function writeBundled(entry: Uint8Array, out: Uint8Array, at: number): number {
  if (entry.length > ENTRY_BYTES_MAX)
    throw new LogError('bad-entry-bundle', `entry of ${entry.length} bytes`);
  out[at] = entry.length >> 8;
  out[at + 1] = entry.length & 0xff;
  out.set(entry, at + 2);
  return at + 2 + entry.length;
}

export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(entries.reduce((sum, entry) => sum + bundledBytes(entry), 0));
  let at = 0;
  for (const entry of entries) at = writeBundled(entry, out, at);
  return out;
}

/** The `count` entries of a bundle, as views into it. Refuses a bundle that does not hold exactly that many. */
export function decodeBundle(bundle: Uint8Array, count: number): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (at < bundle.length) {
    if (entries.length === count) throw new LogError('bad-entry-bundle', `bytes after ${count} entries`);
    const length = ((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0);
    const end = at + 2 + length;
    if (end > bundle.length)
      throw new LogError('bad-entry-bundle', `entry ${entries.length} ends beyond the bundle`);
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  if (entries.length !== count)
    throw new LogError('bad-entry-bundle', `${entries.length} entries, expected ${count}`);
  return entries;
}
