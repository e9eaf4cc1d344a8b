/** Workers and the gate, inside their mutual TLS: one intent per request (`docs/protocol.md`, "Gate"). */
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
import { isolationLevels } from '../gate-flags.ts';
import { connectionId, venueId } from '../ids.ts';
import { BALANCES_MAX, ROWS_MAX, accountFill, accountOrder, balance, streamEvent } from './account.ts';
import { ownerResults } from './owner.ts';
import { gateRefusal, intent, useRecord } from './intent.ts';

const id = integer(0, Number.MAX_SAFE_INTEGER);

export const gateRequest = packed({ id: [0, id], intent: [1, intent] });
export type GateRequest = Decoded<typeof gateRequest>;

/** Made in the vault or pasted, and whether the venue takes it from listed addresses only. Best first. */
export const keyGrade = oneOf('born-locked', 'born', 'pasted-locked', 'pasted');
export type KeyGrade = Decoded<typeof keyGrade>;

/** What stands before a statement where it is signed, so that no other message of the identity is one. */
export const ATTEST_LABEL = 'counterfoil-attest-v1\0';

/** What a gate says that it is. The three public keys make the vault's hash. */
export const attestStatement = packed({
  nonce: [0, bytes(16, 64)],
  vaultId: [1, text(16, /^[0-9a-f]{16}$/, 16)],
  identity: [2, bytes(44)],
  x25519: [3, bytes(32)],
  p256: [4, bytes(65)],
  /** SHA-256 of the gate's file, to be compared with the recorded one. */
  gateHash: [5, bytes(32)],
  node: [6, text(40, /^[!-~]+$/, 1)],
  openssl: [7, text(40, /^[!-~]+$/, 1)],
  /** As the gate found itself closed (`isolationLevels`). */
  isolation: [8, oneOf(...isolationLevels)],
  venues: [9, list(venueId.codec, 16)],
  /** A build that stops at its points of failure, for crash tests. */
  testBuild: [10, boolean],
});
export type AttestStatement = Decoded<typeof attestStatement>;

export const gateAnswer = packed({
  id: [0, id],
  result: [
    1,
    variants({
      use: [1, packed({ use: [0, useRecord] })],
      key: [
        2,
        packed({
          connection: [0, connectionId.codec],
          /** Absent where the key has no public half. */
          publicKeyPem: [1, nullable(text(2_000))],
          /** In the clear only for paper connections that named no recipient, where the demo keeps it. */
          viewKey: [2, nullable(bytes(32))],
          /** Encapsulated key and ciphertext of HPKE to the recipient that the enrolment named. */
          viewKeySealed: [3, nullable(bytes(80))],
        }),
      ],
      permissions: [
        3,
        packed({
          trade: [0, boolean],
          withdraw: [1, boolean],
          ipAllowList: [2, boolean],
          /** How far the key is from being taken, and the best that this venue allows. */
          grade: [3, keyGrade],
          best: [4, keyGrade],
        }),
      ],
      head: [
        4,
        packed({
          checkpoint: [0, text(65_536)],
          logKey: [1, text(300)],
          vaultKeyHash: [2, bytes(32)],
          connections: [3, list(connectionId.codec, 10_000)],
        }),
      ],
      refused: [5, packed({ code: [0, gateRefusal], sentence: [1, text(500)] })],
      balances: [10, packed({ balances: [0, list(balance, BALANCES_MAX)] })],
      orders: [11, packed({ orders: [0, list(accountOrder, ROWS_MAX)] })],
      trades: [12, packed({ trades: [0, list(accountFill, ROWS_MAX)] })],
      streamEvent: [13, packed({ event: [0, streamEvent] })],
      attestation: [32, packed({ statement: [0, attestStatement], signature: [1, bytes(64)] })],
      /** What a secret is sealed to; `vaultKeyHash` of the head is a hash over the three keys. */
      enrolment: [
        20,
        packed({
          nonce: [0, bytes(16)],
          vaultId: [1, text(16, /^[0-9a-f]{16}$/, 16)],
          /** SPKI of the vault's Ed25519 key. */
          identity: [2, bytes(44)],
          x25519: [3, bytes(32)],
          p256: [4, bytes(65)],
        }),
      ],
      ...ownerResults,
    }),
  ],
});
export type GateAnswer = Decoded<typeof gateAnswer>;
export type GateResult = GateAnswer['result'];
