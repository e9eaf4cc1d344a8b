/**
 * Tries to tell, from public bytes alone, whether two leaves belong to one connection. Several views of a pair are
 * scored; each view's AUC is 0.5 where leaves say nothing, and away from it where they leak.
 */
import { crc32 } from 'node:zlib';

export interface LabelledLeaf {
  readonly entry: Uint8Array;
  readonly connection: number;
}

/** A number for a pair of leaves; larger should mean "the same connection". */
export type View = (a: Uint8Array, b: Uint8Array) => number;

/** Bits set in each byte value. */
const BITS = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length);

export const VIEWS: Readonly<Record<string, View>> = {
  length: (a, b) => -Math.abs(a.length - b.length),
  'equal bytes': (a, b) => {
    let count = 0;
    for (let i = 0; i < a.length; i++) if (a[i] === b[i]) count += 1;
    return count;
  },
  'equal bits': (a, b) => {
    let differing = 0;
    for (let i = 0; i < a.length; i++) differing += BITS[(a[i] ?? 0) ^ (b[i] ?? 0)] ?? 0;
    return -differing;
  },
  'byte sums': (a, b) => -Math.abs(sum(a) - sum(b)),
  'first tag byte': (a, b) => -Math.abs((a[4] ?? 0) - (b[4] ?? 0)),
  'last bytes': (a, b) => -Math.abs((a.at(-1) ?? 0) - (b.at(-1) ?? 0)),
  'shared byte pairs': (a, b) => shared(a, b),
  'tag against commitment': (a, b) =>
    -Math.abs((crc32(a.subarray(4, 36)) % 251) - (crc32(b.subarray(36, 68)) % 251)),
};

function sum(bytes: Uint8Array): number {
  let total = 0;
  for (const byte of bytes) total += byte;
  return total;
}

/** Byte pairs of `b` that `a` has too. */
const seen = new Uint32Array(65_536);
let round = 0;
function shared(a: Uint8Array, b: Uint8Array): number {
  round += 1;
  for (let i = 4; i + 1 < a.length; i++) seen[((a[i] ?? 0) << 8) | (a[i + 1] ?? 0)] = round;
  let count = 0;
  for (let i = 4; i + 1 < b.length; i++) if (seen[((b[i] ?? 0) << 8) | (b[i + 1] ?? 0)] === round) count += 1;
  return count;
}

/** Area under the ROC curve of `same` against `other`, and its standard error under the null (Mann–Whitney). */
export function auc(
  same: readonly number[],
  other: readonly number[],
): { readonly value: number; readonly error: number } {
  const all = [
    ...same.map((score) => ({ score, same: true })),
    ...other.map((score) => ({ score, same: false })),
  ];
  all.sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let i = 0; i < all.length;) {
    let end = i;
    while (end < all.length && all[end]?.score === all[i]?.score) end += 1;
    // Ties share the mean of their ranks.
    const rank = (i + 1 + end) / 2;
    for (; i < end; i++) if (all[i]?.same === true) rankSum += rank;
  }
  const [n, m] = [same.length, other.length];
  return { value: (rankSum - (n * (n + 1)) / 2) / (n * m), error: Math.sqrt((n + m + 1) / (12 * n * m)) };
}

/** Scores neighbouring leaves of one connection against leaves of different ones. */
export function distinguish(
  leaves: readonly LabelledLeaf[],
  view: View,
): { readonly value: number; readonly error: number } {
  const last = new Map<number, Uint8Array>();
  const same: number[] = [];
  const other: number[] = [];
  for (const [i, leaf] of leaves.entries()) {
    const previous = last.get(leaf.connection);
    last.set(leaf.connection, leaf.entry);
    if (previous !== undefined) same.push(view(previous, leaf.entry));
    // A stride that is coprime to the number of connections meets all pairs of them.
    const stranger = leaves[(i * 7 + 13) % leaves.length];
    if (stranger !== undefined && stranger.connection !== leaf.connection)
      other.push(view(stranger.entry, leaf.entry));
  }
  return auc(same, other);
}
