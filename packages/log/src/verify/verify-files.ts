/** The checks of the command line: files in, a report out. Everything is read before the first check. */
import { readFileSync } from 'node:fs';
import { type BundleReport, verifyBundle } from '../library/bundle.ts';
import { parseCheckpoint } from '../library/checkpoint.ts';
import type { Named } from '../library/history-input.ts';
import { type HistoryReport, verifyHistory } from '../library/history.ts';
import type { SealedKeyName } from '../library/leaf.ts';
import { LogError } from '../library/error.ts';
import { parseNote } from '../library/note.ts';
import { type ReceiptReport, checkReceipt } from '../library/receipt-report.ts';
import { nodePrimitives } from '../node.ts';
import { cosignedCheckpoints, openLogSource, publishedEntries } from '../published/log-source.ts';

/** The gate writes a heartbeat every day; an hour is for a machine that was restarted. */
export const HEARTBEAT_MS_MAX = 25 * 3_600_000;
/** The gate freezes live trading where clocks are further apart. */
export const CLOCK_MS_MAX = 30_000;

function readNamed(path: string): Named {
  return { source: path, bytes: new Uint8Array(readFileSync(path)) };
}

export interface ReceiptFiles {
  readonly receiptFile: string;
  readonly policyFile: string;
  readonly viewKey?: Uint8Array;
  readonly quorum?: boolean;
}

/** `counterfoil verify receipt`. Throws what the file system throws. */
export function verifyReceiptFile({
  receiptFile,
  policyFile,
  viewKey,
  quorum = false,
}: ReceiptFiles): ReceiptReport {
  return checkReceipt(nodePrimitives, {
    receipt: readNamed(receiptFile),
    policy: readNamed(policyFile),
    ...(viewKey === undefined ? {} : { viewKey: { source: 'view key', bytes: viewKey } }),
    quorum,
  });
}

export interface HistoryFiles {
  readonly policyFile: string;
  /** The log's public folder, or its URL. */
  readonly log: string;
  readonly connection?: SealedKeyName & { readonly viewKey: Uint8Array };
  readonly receiptFiles?: readonly string[];
  readonly heartbeatMsMax?: number;
  readonly clockMsMax?: number;
}

/** `counterfoil verify history`. */
export async function verifyHistoryFiles(files: HistoryFiles): Promise<HistoryReport> {
  const source = openLogSource(files.log);
  const checkpoint = await source.read('checkpoint');
  if (checkpoint === undefined)
    throw new LogError('bad-checkpoint', `${files.log} has no checkpoint; is it a published log?`);
  return verifyHistory(nodePrimitives, {
    policy: readNamed(files.policyFile),
    checkpoint: { source: `${files.log}/checkpoint`, bytes: checkpoint },
    entries: publishedEntries(source, sizeClaimed(checkpoint)),
    entriesSource: `${files.log}/tile/entries`,
    checkpoints: await cosignedCheckpoints(source),
    ...(files.connection === undefined ? {} : { connection: files.connection }),
    ...(files.receiptFiles === undefined ? {} : { receipts: files.receiptFiles.map(readNamed) }),
    heartbeatMsMax: files.heartbeatMsMax ?? HEARTBEAT_MS_MAX,
    clockMsMax: files.clockMsMax ?? CLOCK_MS_MAX,
  });
}

/** How many entries to read. Nothing is believed yet: the history check opens the checkpoint itself. */
function sizeClaimed(checkpoint: Uint8Array): number {
  return parseCheckpoint(parseNote(checkpoint).text).size;
}

export interface BundleFiles {
  readonly bundleFile: string;
  readonly policyFile: string;
  readonly heartbeatMsMax?: number;
  readonly clockMsMax?: number;
}

/** `counterfoil verify bundle`. */
export function verifyBundleFile(files: BundleFiles): Promise<BundleReport> {
  return verifyBundle(nodePrimitives, {
    bundle: readNamed(files.bundleFile),
    policy: readNamed(files.policyFile),
    heartbeatMsMax: files.heartbeatMsMax ?? HEARTBEAT_MS_MAX,
    clockMsMax: files.clockMsMax ?? CLOCK_MS_MAX,
  });
}
