/** The verifier: single proofs, and the whole history of a connection. */
import {
  CompactRange,
  Prover,
  TreeHasher,
  chainTag,
  deriveChainKeys,
  encodeControlLeaf,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  sealLeaf,
  sealTag,
  utf8,
  verifyHistory,
  verifyInclusion,
  viewKeyHash,
} from '@counterfoil/log';
import { encodeLeafPayload } from '@counterfoil/vocabulary/protocol';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import { logSigner } from '@counterfoil/log/signer';

const hasher = new TreeHasher(sha256Into);
const LEVELS = 20;

/** Verifies proofs of 20 hashes: leaves of a tree of 2^20. */
export function inclusionRate(ms: number): number {
  const nodes: Uint8Array[][] = [];
  const range = new CompactRange(hasher, (level, _index, hash, at) =>
    (nodes[level] ??= []).push(hash.slice(at, at + 32)),
  );
  const size = 2 ** LEVELS;
  for (let i = 0; i < size; i++) range.append(utf8(`entry ${i}`));
  const prover = new Prover(hasher, size, (level, index) => nodes[level]?.[index] ?? new Uint8Array(32));
  const root = range.root();
  const proofs = Array.from({ length: 1_000 }, (_, i) => {
    const index = (i * 1_048_573) % size;
    return { index, leafHash: nodes[0]?.[index] ?? new Uint8Array(32), proof: prover.inclusion(index) };
  });
  let count = 0;
  const begin = performance.now();
  while (performance.now() - begin < ms) {
    for (const { index, leafHash, proof } of proofs)
      verifyInclusion(hasher, index, size, leafHash, proof, root);
    count += proofs.length;
  }
  return count / ((performance.now() - begin) / 1000);
}

const START_MS = 1_767_225_600_000;

/** Seconds to verify a log of `leaves`, of which every tenth belongs to the connection that is checked. */
export async function historySeconds(leaves: number): Promise<number> {
  const mine = { venue: 'paper', apiKeyId: 'bench', epoch: 0, viewKey: new Uint8Array(32).fill(1) };
  const signer = logSigner('history.bench/keyuse', new Uint8Array(32).fill(2));
  const keys = deriveChainKeys(nodePrimitives, mine.viewKey);
  const entries = [encodeControlLeaf({ kind: 'genesis', fields: [['origin', signer.key.name]] })];
  const range = new CompactRange(hasher);
  const filler = new Uint8Array(340);
  filler.set([0x56, 0x4c, 0x01, 0x00]);
  let seq = 0;
  let prev: Uint8Array = new Uint8Array(32);
  for (let i = 1; i < leaves; i++) {
    if (i % 10 !== 1) {
      // Other connections' leaves: all that matters of them here is that their tags differ.
      const other = filler.slice();
      sha256Into(utf8(`tag ${i}`), other, 4);
      entries.push(other);
      continue;
    }
    const chain = { seq, prev, atMs: START_MS + i, boot: new Uint8Array(8) };
    const mandateHash = new Uint8Array(16);
    const payload =
      seq === 0
        ? ({
            kind: 'seal',
            ...chain,
            venue: 'paper',
            viewKeyHash: viewKeyHash(sha256Into, mine.viewKey),
            publicKeyHash: null,
            mandateHash,
          } as const)
        : ({ kind: 'heartbeat', ...chain } as const);
    const tag = seq === 0 ? sealTag(sha256Into, mine) : chainTag(nodePrimitives, keys, seq);
    const leaf = sealLeaf(nodePrimitives, keys, tag, seq, encodeLeafPayload(payload));
    prev = hasher.leafHash(leaf);
    seq += 1;
    entries.push(leaf);
  }
  for (const entry of entries) range.append(entry);
  const text = formatCheckpoint({ origin: signer.key.name, size: range.size, root: range.root() });
  const begin = performance.now();
  const report = await verifyHistory(nodePrimitives, {
    policy: { source: 'policy', bytes: utf8(`log ${formatVerifierKey(signer.key)}\nquorum none\n`) },
    checkpoint: { source: 'checkpoint', bytes: formatNote({ text, signatures: [signer.sign(text)] }) },
    entries: [entries],
    entriesSource: 'memory',
    connection: mine,
    heartbeatMsMax: 25 * 3_600_000,
    clockMsMax: 30_000,
  });
  const seconds = (performance.now() - begin) / 1000;
  if (!report.passed)
    throw new Error(
      `the history does not verify: ${JSON.stringify(report.checks.filter((check) => !check.passed))}`,
    );
  return seconds;
}
