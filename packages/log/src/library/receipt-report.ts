/** Every check of one receipt file, for people: the CLI, the dashboard and the offline page show the same list. */
import { CborError, CodecError } from '@counterfoil/vocabulary';
import { type LeafPayload, decodeLeafPayload } from '@counterfoil/vocabulary/protocol';
import { Checks, type Report } from './check.ts';
import { LogError } from './error.ts';
import { TreeHasher } from './hashing.ts';
import type { Named } from './history-input.ts';
import { verifyInclusion } from './inclusion.ts';
import { chainTag, decryptLeaf, deriveChainKeys, openLeaf, parseLeaf } from './leaf.ts';
import { openCosigned } from './open-checkpoint.ts';
import { type Policy, parsePolicy } from './policy.ts';
import { type Primitives, equalBytes, hexOf } from './primitives.ts';
import { parseProofFile } from './proof-file.ts';

export interface ReceiptInput {
  /** A tlog-proof file with the leaf as extra data. */
  readonly receipt: Named;
  /** From a source other than the receipt's. */
  readonly policy: Named;
  /** Reads what the leaf says; without it the content is not checked. */
  readonly viewKey?: Named;
  /** Receipts are given before witnesses see their tree; `true` demands the quorum in the file itself. */
  readonly quorum: boolean;
}

export interface ReceiptReport extends Report {
  readonly index: number | undefined;
  readonly payload: LeafPayload | undefined;
}

/** Runs the checks up to the first that fails: what comes after it would rest on nothing. */
export function checkReceipt(primitives: Primitives, input: ReceiptInput): ReceiptReport {
  const checks = new Checks();
  const { receipt } = input;
  const done = (index?: number, payload?: LeafPayload): ReceiptReport => ({
    ...checks.report(),
    index,
    payload,
  });
  const policy = readReceiptPolicy(primitives, input, checks);
  if (policy === undefined) return done();
  const form = 'a C2SP tlog-proof with its leaf as extra data';
  const file = checks.attempt(
    'form',
    form,
    receipt.source,
    () => {
      const parsed = parseProofFile(receipt.bytes);
      if (parsed.extra === undefined) throw new LogError('bad-proof-file', 'no leaf in the receipt');
      return { ...parsed, extra: parsed.extra };
    },
    (parsed) =>
      `leaf ${parsed.index} of ${parsed.extra.length} bytes, proof of ${parsed.inclusion.length} hashes`,
  );
  if (file === undefined) return done();
  const tree = checks.attempt(
    'signature',
    input.quorum ? 'signed by the log and cosigned by the quorum' : 'signed by the log',
    receipt.source,
    () => openCosigned(file.checkpoint, policy, primitives),
    (opened) => `${opened.origin}, ${opened.size} leaves`,
  );
  if (tree === undefined) return done(file.index);
  const hasher = new TreeHasher(primitives.sha256Into);
  const included = checks.attempt(
    'inclusion',
    `root ${hexOf(tree.root)}`,
    receipt.source,
    () => {
      verifyInclusion(hasher, file.index, tree.size, hasher.leafHash(file.extra), file.inclusion, tree.root);
      return true;
    },
    () => `leaf ${file.index} is in the tree with this root`,
  );
  if (included === undefined || input.viewKey === undefined) return done(file.index);
  return done(file.index, openContent(primitives, file.extra, input.viewKey, checks));
}

function readReceiptPolicy(
  primitives: Primitives,
  { policy, quorum }: ReceiptInput,
  checks: Checks,
): Policy | undefined {
  return checks.attempt(
    'policy',
    'a tlog-policy file from a source you trust',
    policy.source,
    () => {
      const parsed = parsePolicy(primitives.sha256Into, new TextDecoder().decode(policy.bytes));
      return quorum ? parsed : { ...parsed, quorum: undefined };
    },
    (parsed) => `log ${parsed.logs.map((log) => log.key.name).join(', ')}`,
  );
}

function openContent(
  primitives: Primitives,
  entry: Uint8Array,
  viewKey: Named,
  checks: Checks,
): LeafPayload | undefined {
  return checks.attempt(
    'content',
    'a leaf that opens with this view key',
    viewKey.source,
    () => {
      const keys = deriveChainKeys(primitives, viewKey.bytes);
      const leaf = parseLeaf(entry);
      const payload = decodePayload(decryptLeaf(primitives, keys, leaf));
      openLeaf(primitives, keys, leaf, payload.seq);
      if (payload.seq > 0 && !equalBytes(chainTag(primitives, keys, payload.seq), leaf.tag)) {
        throw new LogError('bad-leaf', `the tag is not that of number ${payload.seq}`);
      }
      return payload;
    },
    (payload) => `number ${payload.seq} of its chain: ${payload.kind}`,
  );
}

function decodePayload(encoded: Uint8Array): LeafPayload {
  try {
    return decodeLeafPayload(encoded);
  } catch (cause) {
    if (cause instanceof CborError || cause instanceof CodecError) {
      throw new LogError('bad-leaf', `payload: ${cause.message}`, { cause });
    }
    throw cause;
  }
}
