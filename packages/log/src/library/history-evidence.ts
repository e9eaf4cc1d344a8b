/** What a history is held against: the policy, the final checkpoint, earlier ones, and the receipts of the user. */
import type { Checks } from './check.ts';
import { LogError } from './error.ts';
import { TreeHasher } from './hashing.ts';
import type { HistoryInput } from './history-input.ts';
import { verifyInclusion } from './inclusion.ts';
import { type CosignedCheckpoint, openCosigned } from './open-checkpoint.ts';
import { type Policy, parsePolicy } from './policy.ts';
import type { Primitives } from './primitives.ts';
import { type ProofFile, parseProofFile } from './proof-file.ts';

/** Who is trusted. */
export function readPolicy(
  primitives: Primitives,
  { policy }: HistoryInput,
  checks: Checks,
): Policy | undefined {
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

/** The tree that the log signed and the quorum saw. */
export function openFinal(
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

export function openEarlier(
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

export interface HeldReceipt {
  readonly source: string;
  readonly file: ProofFile;
  readonly leaf: Uint8Array;
  readonly checkpoint: CosignedCheckpoint;
}

/** Receipts carry the log's signature; most were given before any witness saw their tree. */
export function readReceipts(
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
