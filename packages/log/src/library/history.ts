/**
 * Verifying that a history is complete: these are all the uses of one key that the log holds, in order, and the log
 * is the one that its witnesses saw. Who is trusted comes first, then the signed
 * tree, then one pass over the entries, then what they say: a later step means nothing where an earlier one failed.
 */
import type { ChainLeaf } from './chain-reader.ts';
import { Checks, type Report } from './check.ts';
import { checkChain } from './history-chain.ts';
import { type HeldReceipt, openEarlier, openFinal, readPolicy, readReceipts } from './history-evidence.ts';
import { Scan } from './history-scan.ts';
import type { HistoryInput } from './history-input.ts';
import { isPrivateLeaf } from './leaf.ts';
import type { CosignedCheckpoint } from './open-checkpoint.ts';
import { type Primitives, equalBytes, hexOf } from './primitives.ts';

export interface HistoryReport extends Report {
  readonly size: number;
  readonly leaves: readonly ChainLeaf[];
}

export async function verifyHistory(primitives: Primitives, input: HistoryInput): Promise<HistoryReport> {
  const checks = new Checks();
  const policy = readPolicy(primitives, input, checks);
  const checkpoint = policy && openFinal(primitives, input, policy, checks);
  if (policy === undefined || checkpoint === undefined) return { ...checks.report(), size: 0, leaves: [] };
  const earlier = openEarlier(primitives, input, policy, checks);
  const receipts = readReceipts(primitives, input, policy, checkpoint, checks);

  const scan = new Scan(primitives, input, checkpoint, [
    ...earlier,
    ...receipts.map((receipt) => receipt.checkpoint),
  ]);
  for await (const entries of input.entries) for (const entry of entries) scan.see(entry);
  checkTree(scan, checkpoint, input, checks);
  checkEntries(scan, input, checks);
  checkConsistency(scan, checkpoint, [...earlier, ...receipts.map((receipt) => receipt.checkpoint)], checks);
  checkReceipts(scan, receipts, input, checks);
  if (scan.chain !== undefined) checkChain(scan.chain, checkpoint, earlier, input, checks);
  return { ...checks.report(), size: scan.size, leaves: scan.chain?.leaves ?? [] };
}

function checkTree(
  scan: Scan,
  checkpoint: CosignedCheckpoint,
  { entriesSource }: HistoryInput,
  checks: Checks,
): void {
  const size = scan.size + scan.overruns.length;
  checks.add({
    name: 'size',
    passed: size === checkpoint.size,
    expected: `${checkpoint.size} entries`,
    found: `${size} entries`,
    source: entriesSource,
  });
  const root = scan.root();
  checks.add({
    name: 'root',
    passed: equalBytes(root, checkpoint.root),
    expected: hexOf(checkpoint.root),
    found: hexOf(root),
    source: entriesSource,
  });
}

function checkEntries(scan: Scan, { entriesSource }: HistoryInput, checks: Checks): void {
  checks.faults('tags-unique', 'no tag twice in the whole log', entriesSource, scan.duplicates);
  checks.faults(
    'entries-known',
    'private leaves and well-formed control leaves only',
    entriesSource,
    scan.malformed,
  );
}

/** Every other checkpoint of this log is a prefix of the final one. */
function checkConsistency(
  scan: Scan,
  final: CosignedCheckpoint,
  others: readonly CosignedCheckpoint[],
  checks: Checks,
): void {
  const faults = others.flatMap(({ origin, size, root }) => {
    if (origin !== final.origin) return [`a checkpoint of ${origin}`];
    if (size > final.size) return [`a checkpoint of ${size} leaves, the history ends at ${final.size}`];
    const ours = scan.roots.get(size);
    return ours !== undefined && equalBytes(ours, root)
      ? []
      : [`another tree of ${size} leaves was signed: ${hexOf(root)}`];
  });
  checks.faults('one-tree', 'every signed tree is the beginning of the next', 'all checkpoints', faults);
}

/** What the user was handed is in the history. Its tree is a prefix of the final one, so the index decides. */
function checkReceipts(
  scan: Scan,
  receipts: readonly HeldReceipt[],
  input: HistoryInput,
  checks: Checks,
): void {
  if (input.receipts === undefined) return;
  const chained = new Set(scan.chain?.leaves.map((leaf) => leaf.index));
  const faults = receipts
    .filter(
      (receipt) =>
        scan.chain !== undefined && isPrivateLeaf(receipt.leaf) && !chained.has(receipt.file.index),
    )
    .map((receipt) => `${receipt.source}: leaf ${receipt.file.index} is not in this chain`);
  checks.faults('receipts-inside', 'every receipt is a leaf of this chain', 'receipts', faults);
}
