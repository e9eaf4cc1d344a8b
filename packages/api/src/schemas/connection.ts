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
    state: z.enum(['unregistered', 'ready', 'refused', 'removed']),
    /** Why it is `refused`. */
    trouble: z.string().nullable(),
    publicKeyPem: z.string().nullable(),
    /** A key that shall replace this one: it does once its public half is registered at the venue. */
    successor: z
      .strictObject({ keyType: z.enum(['ed25519', 'rsa']), publicKeyPem: z.string() })
      .meta({ id: 'SuccessorKey' })
      .nullable(),
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
    clientDataJson: base64url(4_096),
    signature: base64url(1_024),
    /** The gate's number that the challenge was made from. */
    nonce: base64url(32),
  })
  .meta({ id: 'Assertion' });

/** The gate's one-time number; what a passkey signs is made of it as `docs/protocol.md` states. */
export const challenge = z
  .strictObject({ vaultId: z.string(), nonce: base64url(32), credentialIds: z.array(base64url(1_023)) })
  .meta({ id: 'Challenge' });

/** What a secret is sealed to; the hash over the three keys is what the terminal shows. */
export const enrolment = z
  .strictObject({
    nonce: base64url(16),
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
