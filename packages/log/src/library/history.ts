/**
 * Verifying that a history is complete: these are all the uses of one key that the log holds, in order, and the log
 * is the one that its witnesses saw. The steps are those of the log page; their order matters.
 */
import { ChainReader, type ChainLeaf } from './chain-reader.ts';
import { Checks, type Report } from './check.ts';
import { CompactRange } from './compact-range.ts';
import { decodeControlLeaf, isControlLeaf } from './control-leaf.ts';
import { LogError } from './error.ts';
import { TreeHasher } from './hashing.ts';
import { type SealedKeyName, isPrivateLeaf, parseLeaf } from './leaf.ts';
import { type CosignedCheckpoint, openCosigned } from './open-checkpoint.ts';
import { type Policy, parsePolicy } from './policy.ts';
import { HASH_BYTES, type Primitives, equalBytes, hexOf } from './primitives.ts';
import { type ProofFile, parseProofFile } from './proof-file.ts';
import { TagIndex } from './tag-index.ts';
import { TimeBrackets } from './time-bracket.ts';
import { verifyInclusion } from './inclusion.ts';

/** A file as it was read, with the name to show for it. */
export interface Named {
  readonly source: string;
  readonly bytes: Uint8Array;
}

export interface HistoryInput {
  /** Obtained out of band: a history that brings its own policy proves nothing. */
  readonly policy: Named;
  /** The newest cosigned checkpoint. */
  readonly checkpoint: Named;
  /** Every entry of the log from index 0, in any portions. */
  readonly entries: AsyncIterable<readonly Uint8Array[]> | Iterable<readonly Uint8Array[]>;
  /** Where the entries come from. */
  readonly entriesSource: string;
  /** Without it, the log alone is checked. */
  readonly connection?: SealedKeyName & { readonly viewKey: Uint8Array };
  /** Further cosigned checkpoints, which bound when leaves were logged. */
  readonly checkpoints?: readonly Named[];
  /** Receipts that the user holds: tlog-proof files with the leaf as extra data. */
  readonly receipts?: readonly Named[];
  /** Longest silence of a chain whose key is sealed. */
  readonly heartbeatMsMax: number;
  /** How far clocks of the vault and the witnesses may be apart. */
  readonly clockMsMax: number;
}

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

/** 1. Who is trusted. */
function readPolicy(primitives: Primitives, { policy }: HistoryInput, checks: Checks): Policy | undefined {
  return checks.attempt(
    'policy',
    'a tlog-policy file from a source you trust',
    policy.source,
    () => parsePolicy(primitives.sha256Into, decodeAscii(policy.bytes)),
    (parsed) =>
      `${parsed.logs.length} log, ${parsed.witnesses.length} witnesses, quorum ${parsed.quorum ?? 'none'}`,
  );
}

function decodeAscii(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    if (byte > 0x7e) throw new LogError('bad-policy', 'policy is not ASCII text');
    text += String.fromCharCode(byte);
  }
  return text;
}

/** 2. The tree that the log signed and the quorum saw. */
function openFinal(
  primitives: Primitives,
  { checkpoint }: HistoryInput,
  policy: Policy,
  checks: Checks,
): CosignedCheckpoint | undefined {
  return checks.attempt(
    'checkpoint',
    'signed by the log and cosigned by the quorum',
    checkpoint.source,
    () => openCosigned(checkpoint.bytes, policy, primitives),
    (opened) =>
      `${opened.origin}, ${opened.size} leaves, cosigned by ${[...opened.times.keys()].join(', ') || 'nobody'}`,
  );
}

function openEarlier(
  primitives: Primitives,
  input: HistoryInput,
  policy: Policy,
  checks: Checks,
): CosignedCheckpoint[] {
  const opened: CosignedCheckpoint[] = [];
  const faults: string[] = [];
  for (const { source, bytes } of input.checkpoints ?? []) {
    try {
      opened.push(openCosigned(bytes, policy, primitives));
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      faults.push(`${source}: ${error.message}`);
    }
  }
  if (input.checkpoints !== undefined) {
    checks.faults(
      'earlier-checkpoints',
      'each signed by the log and cosigned by the quorum',
      'earlier checkpoints',
      faults,
    );
  }
  return opened;
}

interface HeldReceipt {
  readonly source: string;
  readonly file: ProofFile;
  readonly leaf: Uint8Array;
  readonly checkpoint: CosignedCheckpoint;
}

/** Receipts carry the log's signature; most were given before any witness saw their tree. */
function readReceipts(
  primitives: Primitives,
  input: HistoryInput,
  policy: Policy,
  final: CosignedCheckpoint,
  checks: Checks,
): HeldReceipt[] {
  const held: HeldReceipt[] = [];
  const faults: string[] = [];
  const hasher = new TreeHasher(primitives.sha256Into);
  const logOnly: Policy = { ...policy, quorum: undefined };
  for (const { source, bytes } of input.receipts ?? []) {
    try {
      const file = parseProofFile(bytes);
      const leaf = file.extra;
      if (leaf === undefined) throw new LogError('bad-proof-file', 'no leaf in the receipt');
      const checkpoint = openCosigned(file.checkpoint, logOnly, primitives);
      verifyInclusion(
        hasher,
        file.index,
        checkpoint.size,
        hasher.leafHash(leaf),
        file.inclusion,
        checkpoint.root,
      );
      if (checkpoint.size > final.size) {
        throw new LogError(
          'size-shrinks',
          `shows ${checkpoint.size} leaves; the history ends at ${final.size}`,
        );
      }
      held.push({ source, file, leaf, checkpoint });
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      faults.push(`${source}: ${error.message}`);
    }
  }
  if (input.receipts !== undefined) {
    checks.faults(
      'receipts',
      'each signed by the log, proven, and not newer than the history',
      'receipts',
      faults,
    );
  }
  return held;
}

/** 3. and 4. One pass over all entries. */
class Scan {
  readonly chain: ChainReader | undefined;
  readonly duplicates: string[] = [];
  readonly malformed: string[] = [];
  readonly overruns: string[] = [];
  /** Roots at the sizes that other checkpoints name. */
  readonly roots = new Map<number, Uint8Array>();
  readonly #range: CompactRange;
  readonly #tags: TagIndex;
  readonly #expectedSize: number;
  /** Of the entry that was added last. */
  readonly #leafHash = new Uint8Array(HASH_BYTES);

  constructor(
    primitives: Primitives,
    input: HistoryInput,
    final: CosignedCheckpoint,
    others: readonly CosignedCheckpoint[],
  ) {
    const { connection } = input;
    this.chain = connection && new ChainReader(primitives, connection, connection.viewKey);
    this.#expectedSize = final.size;
    this.#tags = new TagIndex(final.size);
    for (const { size } of others) this.roots.set(size, new Uint8Array(0));
    this.#range = new CompactRange(new TreeHasher(primitives.sha256Into), (level, _index, hash, at) => {
      if (level === 0) this.#leafHash.set(hash.subarray(at, at + HASH_BYTES));
    });
    this.#keepRoot();
  }

  get size(): number {
    return this.#range.size;
  }

  root(): Uint8Array {
    return this.#range.root();
  }

  see(entry: Uint8Array): void {
    const index = this.#range.size;
    // What lies beyond the checkpoint is nobody's word; it only ever makes the root differ.
    if (index >= this.#expectedSize) return void this.overruns.push(`entry ${index}`);
    this.#range.append(entry);
    this.#keepRoot();
    if (isPrivateLeaf(entry)) this.#seePrivate(entry, index);
    else this.#seeControl(entry, index);
  }

  #keepRoot(): void {
    if (this.roots.has(this.size)) this.roots.set(this.size, this.root());
  }

  #seePrivate(entry: Uint8Array, index: number): void {
    const leaf = parseLeaf(entry);
    const earlier = this.#tags.add(leaf.tag, index);
    if (earlier !== undefined)
      this.duplicates.push(`leaves ${earlier} and ${index} have the tag ${hexOf(leaf.tag)}`);
    this.chain?.see(leaf, index, this.#leafHash);
  }

  #seeControl(entry: Uint8Array, index: number): void {
    try {
      if (!isControlLeaf(entry)) throw new LogError('bad-leaf', 'neither a private nor a control leaf');
      const { kind } = decodeControlLeaf(entry);
      if ((kind === 'genesis') !== (index === 0)) throw new LogError('bad-leaf', `a ${kind} leaf here`);
    } catch (error) {
      if (!(error instanceof LogError)) throw error;
      this.malformed.push(`entry ${index}: ${error.message}`);
    }
  }
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

/** 7. What the user was handed is in the history. Its tree is a prefix of the final one, so the index decides. */
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

/** 5., 6. and 7. The chain itself. */
function checkChain(
  chain: ChainReader,
  final: CosignedCheckpoint,
  earlier: readonly CosignedCheckpoint[],
  input: HistoryInput,
  checks: Checks,
): void {
  const source = 'leaves of this connection';
  const { faults, leaves } = chain;
  const [first] = leaves;
  checks.add({
    name: 'sealed',
    passed: first?.payload.kind === 'seal',
    expected: 'the chain begins with the seal leaf of this key, which pins this view key',
    found: first === undefined ? 'no leaf' : `${first.payload.kind} leaf at index ${first.index}`,
    source,
  });
  checks.faults(
    'opens',
    'every leaf opens with the view key and its commitment holds',
    source,
    faults.opening,
  );
  checks.faults('no-gap', 'no number of the chain is missing', source, faults.missing);
  checks.faults('order', 'the log has the leaves in the order of their numbers', source, faults.order);
  checks.faults('links', 'each leaf names the one before', source, faults.links);
  checks.faults(
    'rules',
    'no use after a freeze or the end of the key, each under the mandate in force',
    source,
    faults.rules,
  );
  checks.faults('no-reseal', 'the key is not sealed under a further epoch', source, faults.reseal);
  checkHeartbeats(leaves, final, input, checks);
  checkBrackets(leaves, [...earlier, final], input, checks);
}

/** A closed interval between two leaves says "nothing between"; the last one must be recent. */
function checkHeartbeats(
  leaves: readonly ChainLeaf[],
  final: CosignedCheckpoint,
  input: HistoryInput,
  checks: Checks,
): void {
  const faults: string[] = [];
  const times = leaves.map((leaf) => leaf.payload.atMs);
  const ended = leaves.at(-1)?.payload.kind === 'destroy';
  if (!ended && final.times.size > 0) times.push(Math.min(...final.times.values()) * 1000);
  for (const [i, atMs] of times.entries()) {
    const silenceMs = atMs - (times[i - 1] ?? atMs);
    if (silenceMs > input.heartbeatMsMax)
      faults.push(`silent for ${Math.round(silenceMs / 1000)} s after number ${i - 1}`);
  }
  const expected = `a leaf at least every ${Math.round(input.heartbeatMsMax / 1000)} s, up to the checkpoint`;
  checks.faults('heartbeats', expected, 'leaves of this connection', faults);
}

function checkBrackets(
  leaves: readonly ChainLeaf[],
  checkpoints: readonly CosignedCheckpoint[],
  { clockMsMax }: HistoryInput,
  checks: Checks,
): void {
  const brackets = new TimeBrackets(checkpoints);
  const faults = leaves.flatMap(({ index, payload }) => {
    const { afterMs, beforeMs } = brackets.of(index);
    if (payload.atMs < afterMs - clockMsMax) {
      return [`leaf ${payload.seq} claims ${payload.atMs}, but was logged after ${afterMs}`];
    }
    if (payload.atMs > beforeMs + clockMsMax) {
      return [`leaf ${payload.seq} claims ${payload.atMs}, but was logged before ${beforeMs}`];
    }
    return [];
  });
  checks.faults('times', 'each leaf was logged when it says', 'cosigned checkpoints', faults);
}
