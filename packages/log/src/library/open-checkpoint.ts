/** Opening a signed checkpoint under a policy: the log's signature first, then the witnesses' quorum. */
import { LogError } from './error.ts';
import type { Signatures } from './primitives.ts';
import type { VerifierKey } from './verifier-key.ts';
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { parseNote, verifyNote } from './note.ts';
import { type Policy, quorumHolds } from './policy.ts';

/** The checkpoint in `note`, if it is of the log with `key`, whose name is the log's origin. */
export function openCheckpoint(note: Uint8Array, key: VerifierKey, signatures: Signatures): Checkpoint {
  const parsed = parseNote(note);
  verifyNote(parsed, [key], signatures);
  const checkpoint = parseCheckpoint(parsed.text);
  if (checkpoint.origin !== key.name) {
    throw new LogError('wrong-origin', `checkpoint is of ${checkpoint.origin}, expected ${key.name}`);
  }
  return checkpoint;
}

export interface CosignedCheckpoint extends Checkpoint {
  /** The policy's witnesses that signed, with the earliest time of each in seconds since 1970. */
  readonly times: ReadonlyMap<string, number>;
}

/** The checkpoint in `note`, if a log of `policy` signed it and the quorum's witnesses did. */
export function openCosigned(note: Uint8Array, policy: Policy, signatures: Signatures): CosignedCheckpoint {
  const parsed = parseNote(note);
  const checkpoint = parseCheckpoint(parsed.text);
  const log = policy.logs.find((known) => known.key.name === checkpoint.origin);
  if (log === undefined)
    throw new LogError('wrong-origin', `the policy does not know the log ${checkpoint.origin}`);
  const verified = verifyNote(
    parsed,
    [log.key, ...policy.witnesses.map((witness) => witness.key)],
    signatures,
  );
  if (!verified.some((signature) => signature.key === log.key)) {
    throw new LogError('unknown-signer', `no signature of the log ${log.key.name}`);
  }
  const times = new Map<string, number>();
  for (const { key, time } of verified) {
    const witness = policy.witnesses.find((known) => known.key === key);
    if (witness === undefined || time === undefined) continue;
    times.set(witness.name, Math.min(time, times.get(witness.name) ?? time));
  }
  if (!quorumHolds(policy, new Set(times.keys()))) {
    const names = [...times.keys()].join(', ') || 'nobody';
    throw new LogError(
      'quorum-missing',
      `quorum ${policy.quorum ?? 'none'} not reached: cosigned by ${names}`,
    );
  }
  return { ...checkpoint, times };
}
