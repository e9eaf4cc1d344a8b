/** Connections: one sealed API key of one user at one venue. History stays when the key goes. */
import { z } from 'zod';
import { venue } from './market.ts';
import { base64url, environment, id, instant, label, sha256Hex } from './values.ts';

export const permissions = z
  .strictObject({ trade: z.boolean(), withdraw: z.boolean(), ipAllowList: z.boolean() })
  .meta({ id: 'KeyPermissions' });

export const connection = z
  .strictObject({
    id,
    venue,
    environment,
    label,
    /** `vault-born`: the secret half never existed elsewhere. `sealed`: it was pasted, and sealed right there. */
    born: z.enum(['vault-born', 'sealed']),
    keyType: z.enum(['ed25519', 'rsa', 'hmac']),
    /** `unregistered`: the venue's key id is still missing. */
    state: z.enum(['unregistered', 'ready', 'refused', 'frozen', 'removed']),
    /** Why it is `refused`. */
    trouble: z.string().nullable(),
    publicKeyPem: z.string().nullable(),
    apiKeyId: z.string().nullable(),
    permissions: permissions.nullable(),
    /** `A` vault-born and bound to addresses, `B` one of both, `C` neither; null before the first check. */
    grade: z.enum(['A', 'B', 'C']).nullable(),
    madeAt: instant,
    checkedAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
    removedAt: instant.nullable(),
  })
  .meta({ id: 'Connection' });

/** A passkey's answer to a challenge of the gate, which alone verifies it. */
export const assertion = z
  .strictObject({
    credentialId: base64url(1_023),
    authenticatorData: base64url(1_024),
    clientDataJson: base64url(2_048),
    signature: base64url(1_024),
  })
  .meta({ id: 'Assertion' });

/** The gate's nonce and what to sign: SHA-256 of the words that `docs/protocol.md` states, as base64url. */
export const challenge = z
  .strictObject({
    nonce: base64url(32),
    challenge: base64url(32),
    /** The action as the gate will read it: deterministic CBOR, so that the page can rebuild what it approves. */
    action: base64url(65_536),
    credentialIds: z.array(base64url(1_023)),
  })
  .meta({ id: 'Challenge' });

export const enrolment = z
  .strictObject({
    nonce: base64url(32),
    vaultId: z.string(),
    /** Whose key it will be: part of what the seal is bound to. */
    user: id,
    /** The vault's public keys: SPKI of its Ed25519 identity, raw X25519, raw P-256. */
    identity: base64url(44),
    x25519: base64url(32),
    p256: base64url(65),
    /** SHA-256 over the three as the page must find it too, to compare with what the terminal shows. */
    vaultKeyHash: sha256Hex,
  })
  .meta({ id: 'Enrolment' });

export type Connection = z.infer<typeof connection>;
export type Assertion = z.infer<typeof assertion>;
export type Challenge = z.infer<typeof challenge>;
export type Enrolment = z.infer<typeof enrolment>;
