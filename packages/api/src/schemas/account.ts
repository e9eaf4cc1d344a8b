/** People, sessions, passkeys, tokens, and what was done by whom. */
import { z } from 'zod';
import { said } from './saying.ts';
import { base64url, environment, id, instant, label } from './values.ts';

/** `viewer` reads; `trader` also trades and freezes; `owner` also decides on keys, limits and people. */
export const role = z.enum(['viewer', 'trader', 'owner']).meta({ id: 'Role' });

export const session = z
  .strictObject({
    /** `demo`: no account exists yet, and whoever is on this machine may use the demo workspace. */
    kind: z.enum(['anonymous', 'demo', 'account', 'token', 'installation']),
    account: z.strictObject({ id, name: label }).nullable(),
    workspace: z.strictObject({ id, name: label, environment, demo: z.boolean() }).nullable(),
    role: role.nullable(),
    /** After a recovery: nothing trades live until a passkey approves. */
    recovering: z.boolean(),
    /** Whether an account exists on this installation. */
    claimed: z.boolean(),
    version: z.string(),
  })
  .meta({ id: 'Session' });

/** What `navigator.credentials` takes and gives, as JSON (WebAuthn level 3, `toJSON`); the verifier reads it whole. */
const credentialText = base64url(16_384);

export const registrationOptions = z
  .strictObject({
    ceremony: z.string(),
    options: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'CeremonyOptions' });

export const registrationAnswer = z
  .strictObject({
    id: credentialText,
    rawId: credentialText,
    type: z.literal('public-key'),
    response: z.strictObject({
      clientDataJSON: credentialText,
      attestationObject: credentialText,
      authenticatorData: credentialText.optional(),
      transports: z.array(z.string().max(32)).max(10).optional(),
      publicKeyAlgorithm: z.int().optional(),
      publicKey: credentialText.optional(),
    }),
    authenticatorAttachment: z.string().max(32).optional(),
    clientExtensionResults: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'RegistrationResponse' });

export const signInAnswer = z
  .strictObject({
    id: credentialText,
    rawId: credentialText,
    type: z.literal('public-key'),
    response: z.strictObject({
      clientDataJSON: credentialText,
      authenticatorData: credentialText,
      signature: credentialText,
      userHandle: credentialText.optional(),
    }),
    authenticatorAttachment: z.string().max(32).optional(),
    clientExtensionResults: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'SignInResponse' });

/** Shown once, at registration: 32 characters of base32 in groups of four. */
export const recoveryKey = z
  .string()
  .regex(/^(?:[A-Z2-7]{4}-){7}[A-Z2-7]{4}$/)
  .meta({ id: 'RecoveryKey' });

export const passkey = z
  .strictObject({
    id: z.string(),
    label,
    backedUp: z.boolean(),
    madeAt: instant,
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'Passkey' });

export const device = z
  .strictObject({
    id,
    /** What the browser called itself, without control characters. */
    agent: z.string(),
    address: z.string(),
    madeAt: instant,
    lastSeenAt: instant,
    current: z.boolean(),
  })
  .meta({ id: 'Device' });

export const token = z
  .strictObject({
    id: z.string(),
    label,
    role: z.enum(['viewer', 'trader']),
    publicKeyPem: z.string(),
    addresses: z.array(z.string()),
    madeAt: instant,
    expiresAt: instant.nullable(),
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'Token' });

export const tokenRequest = z
  .strictObject({
    label,
    role: z.enum(['viewer', 'trader']),
    /** Ed25519, SPKI. The secret half stays with its maker. */
    publicKeyPem: z.string().max(400),
    /** Addresses from which it may be used; none means any. */
    addresses: z.array(z.union([z.ipv4(), z.ipv6()])).max(20),
    expiresAt: instant.nullable(),
  })
  .meta({ id: 'TokenRequest' });

export const member = z
  .strictObject({ account: id, name: label, role, addedAt: instant })
  .meta({ id: 'Member' });

/** One line of the activity: people, bots, programs and the vault in one list. */
export const activity = z
  .strictObject({
    id: z.string(),
    at: instant,
    who: z.strictObject({ kind: z.enum(['person', 'token', 'bot', 'vault', 'server']), name: z.string() }),
    what: z.string(),
    ...said,
    address: z.string().nullable(),
  })
  .meta({ id: 'Activity' });

export type Role = z.infer<typeof role>;
export type Session = z.infer<typeof session>;
export type Passkey = z.infer<typeof passkey>;
export type Device = z.infer<typeof device>;
export type Token = z.infer<typeof token>;
export type TokenRequest = z.infer<typeof tokenRequest>;
export type Member = z.infer<typeof member>;
export type Activity = z.infer<typeof activity>;
