/** The checks of a receipt, in order: form, log signature, inclusion, the log's own files, what the leaf says. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompactRange,
  type CosignedCheckpoint,
  LogError,
  type ProofFile,
  TreeHasher,
  bytesOfHex,
  chainTag,
  deriveChainKeys,
  equalBytes,
  hexOf,
  openCosigned,
  openLeaf,
  parseLeaf,
  parsePolicy,
  parseProofFile,
  verifyInclusion,
} from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import { CborError, CodecError, formatDecimal } from '@counterfoil/vocabulary';
import { type LeafPayload, decodeLeafPayload } from '@counterfoil/vocabulary/protocol';
import { publishedCheckpoint, publishedEntries } from './published-log.ts';

export interface ReceiptSources {
  readonly receiptFile: string;
  readonly policyFile: string;
  /** Left out of the checks where the folder is not there. */
  readonly logFolder: string;
  /** Left out of the checks where the file is not there. */
  readonly viewKeyFile: string;
}

export interface Check {
  readonly name: 'form' | 'signature' | 'inclusion' | 'log' | 'content';
  readonly passed: boolean;
  readonly expected: string;
  readonly found: string;
  /** Which file it came from. */
  readonly source: string;
}

const hasher = new TreeHasher(nodePrimitives.sha256Into);

/** Runs the checks up to the first that fails: what comes after it would rest on nothing. */
export function checkReceipt(sources: ReceiptSources): readonly Check[] {
  const checks: Check[] = [];
  /** Adds a check; `body` returns what was found, or throws the log's own refusal. */
  const run = <T>(
    name: Check['name'],
    expected: string,
    source: string,
    body: () => { readonly found: string; readonly value: T },
  ): T | undefined => {
    try {
      const { found, value } = body();
      checks.push({ name, passed: true, expected, found, source });
      return value;
    } catch (error) {
      const refusal = error instanceof LogError || error instanceof CborError || error instanceof CodecError;
      if (!refusal && !isMissingFile(error)) throw error;
      checks.push({ name, passed: false, expected, found: (error as Error).message, source });
      return undefined;
    }
  };

  const policy = parsePolicy(nodePrimitives.sha256Into, readFileSync(sources.policyFile, 'utf8'));
  const receipt = run('form', 'a C2SP tlog-proof with its leaf', sources.receiptFile, () =>
    readReceipt(sources.receiptFile),
  );
  if (receipt === undefined) return checks;
  const { proof, leaf } = receipt;

  const tree = run('signature', 'a checkpoint signed as the policy asks', sources.policyFile, () => {
    const value = openCosigned(proof.checkpoint, policy, nodePrimitives);
    return { value, found: `checkpoint of ${value.size} leaves signed by ${value.origin}` };
  });
  if (tree === undefined) return checks;

  const included = run('inclusion', 'the leaf in the signed tree', sources.receiptFile, () => {
    verifyInclusion(hasher, proof.index, tree.size, hasher.leafHash(leaf), proof.inclusion, tree.root);
    return {
      value: true,
      found: `leaf ${proof.index} is in the tree with root ${hexOf(tree.root).slice(0, 16)}…`,
    };
  });
  if (included === undefined) return checks;

  if (existsSync(join(sources.logFolder, 'checkpoint'))) {
    const kept = run('log', 'the same leaf and tree in the log’s public files', sources.logFolder, () => {
      const published = publishedCheckpoint(sources.logFolder, policy);
      return { value: true, found: compareWithLog(sources.logFolder, published, tree, proof.index, leaf) };
    });
    if (kept === undefined) return checks;
  }
  if (existsSync(sources.viewKeyFile)) {
    run('content', 'a leaf that opens with the view key', sources.viewKeyFile, () => {
      const payload = openContent(leaf, readFileSync(sources.viewKeyFile, 'utf8').trim());
      return { value: true, found: describeContent(payload) };
    });
  }
  return checks;
}

function isMissingFile(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

function readReceipt(path: string): { found: string; value: { proof: ProofFile; leaf: Uint8Array } } {
  const proof = parseProofFile(new Uint8Array(readFileSync(path)));
  const leaf = proof.extra;
  if (leaf === undefined) throw new LogError('bad-proof-file', 'the receipt does not hold its leaf');
  return {
    found: `leaf of ${leaf.length} bytes, proof of ${proof.inclusion.length} hashes`,
    value: { proof, leaf },
  };
}

/** What the log's files say; throws `LogError` where they say something else than the receipt. */
function compareWithLog(
  folder: string,
  published: { readonly size: number; readonly root: Uint8Array },
  tree: CosignedCheckpoint,
  index: number,
  leaf: Uint8Array,
): string {
  const range = new CompactRange(hasher);
  for (const entry of publishedEntries(folder, published.size)) {
    if (range.size === index && !equalBytes(entry, leaf)) {
      throw new LogError('root-differs', `entry ${index} of the log is another leaf`);
    }
    range.append(entry);
    if (range.size === tree.size && !equalBytes(range.root(), tree.root)) {
      throw new LogError(
        'root-differs',
        `the log’s first ${tree.size} entries have another root than the receipt`,
      );
    }
  }
  if (!equalBytes(range.root(), published.root)) {
    throw new LogError(
      'root-differs',
      `the log’s ${published.size} entries do not have the root of its checkpoint`,
    );
  }
  if (published.size < tree.size) {
    return `the published log ends at ${published.size} leaves, before the receipt's ${tree.size}: look again in a second`;
  }
  return `entry ${index} is this leaf, and all ${published.size} entries make the signed roots`;
}

/** Numbers of a chain that are tried: a connection that was used a million times takes some ten seconds. */
const SEQUENCES_TRIED = 1_000_000;

/** What the leaf says. It does not tell its number to strangers, so the owner of the view key looks for its tag. */
function openContent(leaf: Uint8Array, viewKeyHex: string): LeafPayload {
  const viewKey = bytesOfHex(viewKeyHex);
  if (viewKey?.length !== 32)
    throw new LogError('leaf-does-not-open', 'the view key is not 64 characters of hex');
  const keys = deriveChainKeys(nodePrimitives, viewKey);
  const parsed = parseLeaf(leaf);
  for (let seq = 1; seq < SEQUENCES_TRIED; seq++) {
    if (equalBytes(chainTag(nodePrimitives, keys, seq), parsed.tag)) {
      return decodeLeafPayload(openLeaf(nodePrimitives, keys, parsed, seq));
    }
  }
  throw new LogError('leaf-does-not-open', 'the leaf is not of the chain that this view key reads');
}

function describeContent(payload: LeafPayload): string {
  const at = new Date(payload.atMs).toISOString();
  if (payload.kind !== 'sign') return `${payload.kind}, number ${payload.seq} of the chain, ${at}`;
  const amount = payload.amount === null ? '' : ` ${formatDecimal(payload.amount)}`;
  const price = payload.price === null ? '' : ` at ${formatDecimal(payload.price)}`;
  const what = [payload.method, payload.type, payload.side].filter((word) => word !== null).join(' ');
  return `${what}${amount} ${payload.symbol}${price}, id ${payload.clientOrderId}, ${at}`;
}
