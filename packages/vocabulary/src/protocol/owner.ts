/**
 * What owners ask of the gate, and what it answers: passkeys, mandates, freezes. Whatever allows more than before
 * carries an assertion of a passkey; whatever allows less needs nobody.
 */
import {
  type Decoded,
  boolean,
  bytes,
  integer,
  list,
  nullable,
  oneOf,
  packed,
  text,
  variants,
} from '../codec.ts';
import { connectionId, userId } from '../ids.ts';
import { freezeDepth } from './leaf-payload.ts';
import { mandate } from './mandate.ts';

const safe = integer(0, Number.MAX_SAFE_INTEGER);
/** WebAuthn level 3 bounds credential ids by 1,023 bytes. */
const credentialId = bytes(1, 1023);
/** A one-time number of the gate, which the assertion must sign. */
const nonce = bytes(32);
const shortHash = bytes(16);

/** What a passkey returned for `navigator.credentials.get`, as the browser has it. */
export const assertion = packed({
  credentialId: [0, credentialId],
  authenticatorData: [1, bytes(37, 1024)],
  clientDataJson: [2, bytes(2, 4096)],
  signature: [3, bytes(8, 1024)],
  /** The gate's number that the challenge was made from. */
  nonce: [4, nonce],
});
export type Assertion = Decoded<typeof assertion>;

export const freezeScope = variants({
  connection: [1, packed({ connection: [0, connectionId.codec] })],
  user: [2, packed({ user: [0, userId.codec] })],
  everything: [3, packed({})],
});
export type FreezeScope = Decoded<typeof freezeScope>;

/** Why something is frozen. */
export const freezeReason = oneOf(
  /** Somebody asked for it. */
  'asked',
  /** A built request was not what was asked. */
  'wire-check',
  /** The mandate was run against again and again. */
  'mandate-refusals',
  /** The venue says that the key may do something else than before. */
  'permission-change',
  /** Wall clock, monotonic clock and venue disagree. */
  'clock-jump',
  /** A proof of the log did not hold. */
  'log-mismatch',
  /** The store knows less than the log: it was rolled back, or restored from an older backup. */
  'store-rollback',
  /** The store was put back from a backup: whoever did it says so to the owners first. */
  'restored',
);
export type FreezeReason = Decoded<typeof freezeReason>;

/** Cases of `intent`. Numbers are assigned for ever. */
export const ownerIntents = {
  /** The first passkey of a user is trusted on first use; every further one is approved by another. */
  ownerAdd: [
    40,
    packed({
      user: [0, userId.codec],
      credentialId: [1, credentialId],
      /** SPKI, DER, as `AuthenticatorAttestationResponse.getPublicKey()` gives it. */
      publicKey: [2, bytes(40, 1024)],
      label: [3, text(80)],
      assertion: [4, nullable(assertion)],
    }),
  ],
  ownerRemove: [
    41,
    packed({ user: [0, userId.codec], credentialId: [1, credentialId], assertion: [2, nullable(assertion)] }),
  ],
  /** Takes effect at once where it allows nothing more; otherwise says what it would allow. */
  mandatePropose: [42, packed({ connection: [0, connectionId.codec], mandate: [1, mandate] })],
  mandateApprove: [
    43,
    packed({
      connection: [0, connectionId.codec],
      mandate: [1, mandate],
      assertion: [2, nullable(assertion)],
    }),
  ],
  freeze: [44, packed({ scope: [0, freezeScope], depth: [1, freezeDepth] })],
  thaw: [45, packed({ scope: [0, freezeScope], assertion: [1, nullable(assertion)] })],
  /** A one-time number for an assertion. */
  challenge: [46, packed({})],
  securityState: [47, packed({ user: [0, userId.codec] })],
} as const;

const pending = packed({ mandate: [0, mandate], dueMs: [1, safe] });

/** Cases of the gate's results. */
export const ownerResults = {
  challenge: [40, packed({ vaultId: [0, text(16)], nonce: [1, nonce] })],
  /** What became of a mandate. */
  mandate: [
    41,
    packed({
      state: [0, oneOf('inForce', 'waits', 'needsApproval')],
      hash: [1, shortHash],
      /** In which respects it allows more than the one in force. */
      loosens: [2, list(text(80), 128)],
      /** Approvals that it still needs. */
      approvals: [3, integer(0, 8)],
      /** When it comes into force, where it waits. */
      dueMs: [4, nullable(safe)],
    }),
  ],
  security: [
    42,
    packed({
      owners: [
        0,
        list(packed({ credentialId: [0, credentialId], label: [1, text(80)], sinceMs: [2, safe] }), 64),
      ],
      connections: [
        1,
        list(
          packed({
            connection: [0, connectionId.codec],
            mandate: [1, mandate],
            hash: [2, shortHash],
            /** Whether no owner has approved it: the demo's own, or none at all. */
            unsigned: [3, boolean],
            pending: [4, nullable(pending)],
          }),
          1_000,
        ),
      ],
      freezes: [
        2,
        list(
          packed({
            scope: [0, freezeScope],
            depth: [1, freezeDepth],
            reason: [2, freezeReason],
            atMs: [3, safe],
          }),
          10_000,
        ),
      ],
    }),
  ],
  done: [43, packed({})],
} as const;
