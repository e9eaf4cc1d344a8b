/** One more check of a receipt, for whoever has the log's public files: the same leaf and trees are in them. */
import {
  type Check,
  Checks,
  CompactRange,
  type CosignedCheckpoint,
  LogError,
  type Policy,
  TreeHasher,
  equalBytes,
  openCosigned,
  parsePolicy,
  parseProofFile,
} from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import { type LogSource, openLogSource, publishedEntries } from '@counterfoil/log/published';

/** A running log publishes every second; a receipt may be younger than that. */
const PUBLISHED_MS_MAX = 3_000;

/** Compares a receipt that passed its own checks with the log that is published at `place`, a folder or a URL. */
export async function receiptInLog(receipt: Uint8Array, policyText: string, place: string): Promise<Check> {
  const checks = new Checks();
  let failure: LogError | null = null;
  const found = await compare(receipt, policyText, place).catch((error: unknown) => {
    if (!(error instanceof LogError)) throw error;
    failure = error;
    return '';
  });
  checks.attempt(
    'log',
    'the same leaf and trees in the log’s public files',
    place,
    () => {
      if (failure !== null) throw failure;
      return found;
    },
    (text) => text,
  );
  const [check] = checks.report().checks;
  if (check === undefined) throw new Error('a check that was made is gone');
  return check;
}

async function compare(receipt: Uint8Array, policyText: string, place: string): Promise<string> {
  const policy = parsePolicy(nodePrimitives.sha256Into, policyText);
  const proof = parseProofFile(receipt);
  const tree = openCosigned(proof.checkpoint, { ...policy, quorum: undefined }, nodePrimitives);
  const source = openLogSource(place);
  const published = await publishedAtLeast(source, policy, tree.size);
  const range = new CompactRange(new TreeHasher(nodePrimitives.sha256Into));
  for await (const entries of publishedEntries(source, published.size)) {
    for (const entry of entries) {
      if (range.size === proof.index && !equalBytes(entry, proof.extra ?? new Uint8Array(0))) {
        throw new LogError('root-differs', `entry ${proof.index} of the log is another leaf`);
      }
      range.append(entry);
      if (range.size === tree.size && !equalBytes(range.root(), tree.root)) {
        throw new LogError(
          'root-differs',
          `the log’s first ${tree.size} entries have another root than the receipt`,
        );
      }
    }
  }
  if (!equalBytes(range.root(), published.root)) {
    throw new LogError(
      'root-differs',
      `the log’s ${published.size} entries do not make the root of its checkpoint`,
    );
  }
  if (published.size < tree.size) {
    throw new LogError(
      'size-shrinks',
      `the published log ends at ${published.size} leaves, before the receipt’s ${tree.size}: ` +
        'if the order is seconds old, look again; if not, leaves were taken out',
    );
  }
  return `entry ${proof.index} is this leaf, and all ${published.size} entries make the signed roots`;
}

/** The newest published checkpoint; waits a little for one that reaches `size`, and then takes what there is. */
async function publishedAtLeast(
  source: LogSource,
  policy: Policy,
  size: number,
): Promise<CosignedCheckpoint> {
  const end = performance.now() + PUBLISHED_MS_MAX;
  for (;;) {
    const published = openCosigned(
      (await source.read('checkpoint')) ?? new Uint8Array(0),
      policy,
      nodePrimitives,
    );
    if (published.size >= size || performance.now() > end) return published;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
