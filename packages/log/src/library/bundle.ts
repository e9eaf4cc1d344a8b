/**
 * A bundle: one file with a whole log, the checkpoints that bracket it and, with the owner's consent, one connection's
 * view key. Whoever has the bundle and a policy from elsewhere checks the history without a network.
 */
import { Checks, type Report } from './check.ts';
import { decodeBundle, encodeBundle } from './entry-bundle.ts';
import { LogError } from './error.ts';
import type { Named } from './history-input.ts';
import { type HistoryReport, verifyHistory } from './history.ts';
import type { SealedKeyName } from './leaf.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { parseNote } from './note.ts';
import { type Primitives, type Sha256Into, bytesOfHex, hexOf, sha256, utf8 } from './primitives.ts';
import { TILE_WIDTH, tilePath, tileWidth } from './tile.ts';
import { type Files, readZip, writeZip } from './zip.ts';

const MANIFEST = 'manifest.txt';
const POLICY = 'policy.txt';
const CHECKPOINT = 'checkpoint';
const CONNECTION = 'connection.json';

export interface BundleContent {
  readonly policy: Uint8Array;
  readonly checkpoint: Uint8Array;
  /** All entries under the checkpoint. */
  readonly entries: readonly Uint8Array[];
  readonly checkpoints: readonly Uint8Array[];
  readonly receipts: readonly Uint8Array[];
  readonly connection?: SealedKeyName & { readonly viewKey: Uint8Array };
}

/** The same content is the same bytes. */
export function writeBundle(sha256Into: Sha256Into, content: BundleContent): Uint8Array {
  const files = new Map<string, Uint8Array>([
    [POLICY, content.policy],
    [CHECKPOINT, content.checkpoint],
  ]);
  for (let index = 0; index * TILE_WIDTH < content.entries.length; index++) {
    const width = tileWidth('entries', index, content.entries.length);
    const entries = content.entries.slice(index * TILE_WIDTH, index * TILE_WIDTH + width);
    files.set(tilePath({ level: 'entries', index, width }), encodeBundle(entries));
  }
  for (const [i, note] of content.checkpoints.entries()) files.set(`checkpoints/${numbered(i)}`, note);
  for (const [i, file] of content.receipts.entries()) files.set(`receipts/${numbered(i)}.tlog-proof`, file);
  if (content.connection !== undefined) {
    const { venue, apiKeyId, epoch, viewKey } = content.connection;
    files.set(CONNECTION, utf8(`${JSON.stringify({ venue, apiKeyId, epoch, viewKey: hexOf(viewKey) })}\n`));
  }
  files.set(MANIFEST, manifestOf(sha256Into, files));
  return writeZip(files);
}

function numbered(index: number): string {
  return String(index).padStart(8, '0');
}

/** A line per file: SHA-256, bytes, path. */
function manifestOf(sha256Into: Sha256Into, files: Files): Uint8Array {
  const lines = [...files]
    .filter(([path]) => path !== MANIFEST)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]) => `${hexOf(sha256(sha256Into, bytes))} ${bytes.length} ${path}\n`);
  return utf8(lines.join(''));
}

export interface BundleInput {
  readonly bundle: Named;
  /**
   * The policy from a source you trust. Without it the bundle's own is used, and the report says under which hash
   * everything else holds: that hash then has to be compared with a published one.
   */
  readonly policy?: Named;
  readonly heartbeatMsMax: number;
  readonly clockMsMax: number;
}

export interface BundleReport extends Report {
  /** SHA-256 of the policy that was used, hex; empty where the archive could not be read. */
  readonly policyHash: string;
  readonly history: HistoryReport | undefined;
}

export async function verifyBundle(primitives: Primitives, input: BundleInput): Promise<BundleReport> {
  const checks = new Checks();
  const { bundle } = input;
  const files = checks.attempt(
    'archive',
    'a bundle in its one form',
    bundle.source,
    () => readZip(bundle.bytes),
    (read) => `${read.size} files`,
  );
  if (files === undefined) return { ...checks.report(), policyHash: '', history: undefined };
  checkManifest(primitives.sha256Into, files, bundle.source, checks);
  const own = files.get(POLICY) ?? new Uint8Array(0);
  const policy = input.policy ?? { source: `${bundle.source}: ${POLICY}`, bytes: own };
  const policyHash = hexOf(sha256(primitives.sha256Into, policy.bytes));
  if (input.policy !== undefined) {
    const found = hexOf(sha256(primitives.sha256Into, own));
    checks.add({
      name: 'policy-same',
      passed: found === policyHash,
      expected: policyHash,
      found,
      source: `${bundle.source}: ${POLICY}`,
    });
  }
  const content = checks.attempt(
    'content',
    'policy, checkpoint, entries and connection',
    bundle.source,
    () => readContent(files, bundle.source),
    () => 'so',
  );
  if (content === undefined) return { ...checks.report(), policyHash, history: undefined };
  const { heartbeatMsMax, clockMsMax } = input;
  const history = await verifyHistory(primitives, { ...content, policy, heartbeatMsMax, clockMsMax });
  const all = [...checks.report().checks, ...history.checks];
  return { passed: all.every((check) => check.passed), checks: all, policyHash, history };
}

function checkManifest(sha256Into: Sha256Into, files: Files, source: string, checks: Checks): void {
  const expected = new Set(new TextDecoder().decode(files.get(MANIFEST)).split('\n'));
  const found = new Set(new TextDecoder().decode(manifestOf(sha256Into, files)).split('\n'));
  const path = (line: string): string => line.split(' ')[2] ?? line;
  const faults = [
    ...[...expected].filter((line) => !found.has(line)).map((line) => `${path(line)} is missing or altered`),
    ...[...found].filter((line) => !expected.has(line)).map((line) => `${path(line)} is not as listed`),
  ];
  checks.faults(
    'manifest',
    'every file, and no other, with the hash that the manifest lists',
    `${source}: ${MANIFEST}`,
    faults,
  );
}

function readContent(files: Files, source: string) {
  const named = (path: string): Named => {
    const bytes = files.get(path);
    if (bytes === undefined) throw new LogError('bad-bundle', `no ${path}`);
    return { source: `${source}: ${path}`, bytes };
  };
  const under = (folder: string): Named[] =>
    [...files.keys()].filter((path) => path.startsWith(folder)).map(named);
  const checkpoint = named(CHECKPOINT);
  const { size } = parseCheckpoint(parseNote(checkpoint.bytes).text);
  const entries: Uint8Array[][] = [];
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const width = tileWidth('entries', index, size);
    entries.push(decodeBundle(named(tilePath({ level: 'entries', index, width })).bytes, width));
  }
  const connection = files.get(CONNECTION);
  return {
    checkpoint,
    entries,
    entriesSource: `${source}: tile/entries`,
    checkpoints: under('checkpoints/'),
    receipts: under('receipts/'),
    ...(connection === undefined ? {} : { connection: parseConnection(connection) }),
  };
}

/** `{"venue", "apiKeyId", "epoch", "viewKey"}`, and nothing else. */
export function parseConnection(bytes: Uint8Array): SealedKeyName & { readonly viewKey: Uint8Array } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new LogError('bad-bundle', 'connection file is not JSON', { cause });
  }
  if (
    typeof parsed !== 'object' ||
    parsed === null ||
    Object.keys(parsed).sort().join() !== 'apiKeyId,epoch,venue,viewKey'
  ) {
    throw new LogError('bad-bundle', 'connection file has other fields');
  }
  const { venue, apiKeyId, epoch, viewKey } = parsed as Readonly<Record<string, unknown>>;
  const key = typeof viewKey === 'string' ? bytesOfHex(viewKey) : undefined;
  if (
    typeof venue !== 'string' ||
    typeof apiKeyId !== 'string' ||
    typeof epoch !== 'number' ||
    key?.length !== 32
  ) {
    throw new LogError('bad-bundle', 'connection file has a field of another form');
  }
  return { venue, apiKeyId, epoch, viewKey: key };
}
