/** A true history of two connections, and receipts from it. */
import {
  CompactRange,
  Prover,
  TreeHasher,
  formatCheckpoint,
  formatNote,
  formatProofFile,
  utf8,
} from '@counterfoil/log';
import { sha256Into } from '@counterfoil/log/node';
import { START_MS, TestChain, genesisLeaf, logKey, signBody, signedBy } from './_history-log.ts';

const MINUTE_MS = 60_000;

/** Genesis, two chains interleaved; the first one's leaves are at odd places. */
export function trueLog(uses = 6): { entries: Uint8Array[]; chain: TestChain; endMs: number } {
  const chain = new TestChain('first key');
  const other = new TestChain('second key');
  const entries = [genesisLeaf, chain.seal(START_MS), other.seal(START_MS + 1)];
  let atMs = START_MS;
  for (let i = 0; i < uses; i++) {
    atMs += MINUTE_MS;
    entries.push(chain.leaf(i === 2 ? { kind: 'heartbeat' } : signBody, atMs), other.leaf(signBody, atMs));
  }
  return { entries, chain, endMs: atMs + MINUTE_MS };
}

/** A receipt for the entry at `index` under the log's checkpoint of `entries`. */
export function receiptOf(entries: readonly Uint8Array[], index: number): Uint8Array {
  const hasher = new TreeHasher(sha256Into);
  const nodes = new Map<string, Uint8Array>();
  const range = new CompactRange(hasher, (level, at, hash, from) =>
    nodes.set(`${level}/${at}`, hash.slice(from, from + 32)),
  );
  for (const entry of entries) range.append(entry);
  const prover = new Prover(hasher, range.size, (level, at) => nodes.get(`${level}/${at}`) ?? utf8(''));
  const text = formatCheckpoint({ origin: logKey.key.name, size: range.size, root: range.root() });
  const checkpoint = formatNote({ text, signatures: [signedBy(text, logKey)] });
  return formatProofFile({ extra: entries[index], index, inclusion: prover.inclusion(index), checkpoint });
}
