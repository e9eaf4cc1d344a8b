/** Workers and the gate, inside their mutual TLS: one intent per request (`docs/protocol.md`, "Gate"). */
import { type Decoded, boolean, bytes, integer, list, nullable, packed, text, variants } from '../codec.ts';
import { connectionId } from '../ids.ts';
import { BALANCES_MAX, ROWS_MAX, accountFill, accountOrder, balance, streamEvent } from './account.ts';
import { ownerResults } from './owner.ts';
import { gateRefusal, intent, useRecord } from './intent.ts';

const id = integer(0, Number.MAX_SAFE_INTEGER);

export const gateRequest = packed({ id: [0, id], intent: [1, intent] });
export type GateRequest = Decoded<typeof gateRequest>;

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
      permissions: [3, packed({ trade: [0, boolean], withdraw: [1, boolean], ipAllowList: [2, boolean] })],
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
