/** What owners decided, as the store keeps it; numbers are those of store records. */
import { type Decoded, bytes, integer, packed, text, variants } from '@counterfoil/vocabulary';
import { freezeDepth, freezeReason, freezeScope, mandate } from '@counterfoil/vocabulary/protocol';

const safe = integer(0, Number.MAX_SAFE_INTEGER);
const user = text(40);
const credentialId = bytes(1, 1_023);

export const securityRecords = {
  owner: [
    20,
    packed({
      user: [0, user],
      credentialId: [1, credentialId],
      publicKey: [2, bytes(40, 1_024)],
      label: [3, text(80)],
      sinceMs: [4, safe],
    }),
  ],
  ownerGone: [21, packed({ user: [0, user], credentialId: [1, credentialId] })],
  /** In force from `dueMs` on; `approvals` is 0 for what allows nothing more than before. */
  mandate: [
    22,
    packed({
      connection: [0, text(40)],
      mandate: [1, mandate],
      dueMs: [2, safe],
      approvals: [3, integer(0, 8)],
    }),
  ],
  frozen: [
    23,
    packed({ scope: [0, freezeScope], depth: [1, freezeDepth], reason: [2, freezeReason], atMs: [3, safe] }),
  ],
  thawed: [24, packed({ scope: [0, freezeScope] })],
} as const;

export const securityRecord = variants(securityRecords);
export type SecurityRecord = Decoded<typeof securityRecord>;
