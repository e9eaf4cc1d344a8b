/** Mandates, freezes, the log and what the security page shows. */
import { z } from 'zod';
import { valueKinds } from '../sayings/index.ts';
import { assertion } from './connection.ts';
import { said, saying } from './saying.ts';
import { asset, base64url, decimal, id, instant, label, sha256Hex, side, symbol } from './values.ts';
import { orderType } from './order.ts';

const count = z.int().min(0).max(100_000);
const basisPoints = z.int().min(0).max(10_000);

/** Limits in units of one quote asset; null is no limit. They hold for every market whose symbol ends in it. */
export const budget = z
  .strictObject({
    asset,
    perOrder: decimal.nullable(),
    /** In any 60 minutes, and in any 24 hours. */
    perHour: decimal.nullable(),
    perDay: decimal.nullable(),
    /** Of orders that may still be filled. */
    open: decimal.nullable(),
    /** Realised loss of a UTC day from which on nothing more is bought. */
    dayLoss: decimal.nullable(),
    /** Least quote volume of the market's last 24 hours. */
    volumeMin: decimal.nullable(),
  })
  .meta({ id: 'Budget' });

/** Limits that the owner approves and the gate enforces. What a list does not name is denied. */
export const mandate = z
  .strictObject({
    label: z.string().max(80),
    /** Null allows every market that a budget covers. */
    markets: z.array(symbol).max(200).nullable(),
    denied: z.array(symbol).max(200),
    sides: z.array(side).max(2),
    types: z.array(orderType).max(8),
    budgets: z.array(budget).max(16),
    ordersPerMinute: count,
    cancelsPerMinute: count,
    /** How far beyond the best price an order may be, against the gate's own reading. */
    bandBps: basisPoints.nullable(),
    /** Largest part of the market's 24 h volume that one order may be. */
    shareBps: z.int().min(1).max(10_000).nullable(),
    reduceOnly: z.boolean(),
    validUntil: instant.nullable(),
    /** Hours of the UTC day in which orders may be placed. */
    hours: z.array(z.int().min(0).max(23)).max(24),
    /** Owners who must approve a looser one. */
    approvals: z.int().min(1).max(8),
  })
  .meta({ id: 'Mandate' });

const mandateHash = z.string().regex(/^[0-9a-f]{32}$/);

export const mandateState = z
  .strictObject({
    connection: id,
    mandate,
    hash: mandateHash,
    /** False for the demo's own, which nobody approved. */
    signed: z.boolean(),
    /** A loosening that waits for its time. */
    pending: z.strictObject({ mandate, dueAt: instant }).nullable(),
  })
  .meta({ id: 'MandateState' });

export const mandateChange = z
  .strictObject({
    /** `needsApproval`: it allows more, and a passkey must say so. `waits`: approved, until its time has come. */
    state: z.enum(['inForce', 'waits', 'needsApproval']),
    hash: mandateHash,
    /** In which respects it allows more than the one in force. */
    loosens: z.array(z.string()),
    approvals: z.int(),
    dueAt: instant.nullable(),
  })
  .meta({ id: 'MandateChange' });

export const freezeDepth = z
  .enum(['noNewPositions', 'everything'])
  .meta({ id: 'FreezeDepth', description: 'Cancels stay allowed in both.' });

export const freeze = z
  .strictObject({
    scope: z.enum(['connection', 'user', 'everything']),
    /** The connection, where the scope is one. */
    connection: id.nullable(),
    depth: freezeDepth,
    reason: z.enum(valueKinds.frozenFor),
    at: instant,
  })
  .meta({ id: 'Freeze' });

export const freezeRequest = z
  .strictObject({
    scope: z.enum(['connection', 'user', 'everything']),
    connection: id.nullable(),
    depth: freezeDepth,
  })
  .meta({ id: 'FreezeRequest' });

/** What a freeze leaves unmanaged is said at once. */
export const freezeAnswer = z
  .strictObject({
    freezes: z.array(freeze),
    /** Open deals: nothing manages their stops until the thaw, besides orders that rest at the venue. */
    unprotected: z.array(z.strictObject({ bot: id, deal: id, symbol, quantity: decimal })),
  })
  .meta({ id: 'FreezeAnswer' });

export const thawRequest = z
  .strictObject({
    scope: z.enum(['connection', 'user', 'everything']),
    connection: id.nullable(),
    /** Needed for live; paper without an owner thaws without. */
    assertion: assertion.nullable(),
  })
  .meta({ id: 'ThawRequest' });

/** SPKI of an ES256, EdDSA or RS256 key, as `AuthenticatorAttestationResponse.getPublicKey()` gives it. */
const spki = base64url(1_024);
const credentialId = base64url(1_023);

/** A passkey from which the vault takes approvals; who signs in is another question. */
export const vaultPasskey = z
  .strictObject({
    credentialId,
    label: z.string(),
    /** From when on: a further one waits a day where a live key is connected. */
    approvesFrom: instant,
  })
  .meta({ id: 'VaultPasskey' });

export const vaultPasskeyDraft = z
  .strictObject({
    credentialId,
    publicKey: spki,
    label,
    /** Of a passkey that the vault knows; the first one needs none. */
    assertion: assertion.nullable(),
  })
  .meta({ id: 'VaultPasskeyDraft' });

export const card = z
  .strictObject({
    state: z.enum(['ok', 'check', 'act', 'not-set-up']),
    ...said,
  })
  .meta({ id: 'SecurityCard' });

export const securityOverview = z
  .strictObject({
    custody: card,
    isolation: card
      .extend({ level: z.string(), protectsNotFrom: z.string(), protectsNotFromSaid: saying })
      .meta({ id: 'IsolationCard' }),
    receipts: card.extend({ orders: z.int(), receipts: z.int() }).meta({ id: 'ReceiptsCard' }),
    foreignTrades: card,
    devices: card,
    phishing: card,
    freezes: z.array(freeze),
    /** SHA-256 of the gate's public key: compare it with what the terminal shows. */
    vaultKeyHash: z.string().nullable(),
  })
  .meta({ id: 'SecurityOverview' });

/** A trade in the venue's history that no leaf explains. */
export const foreignTrade = z
  .strictObject({
    id: z.string(),
    connection: id,
    symbol,
    side,
    price: decimal,
    quantity: decimal,
    at: instant,
    state: z.enum(['open', 'mine', 'other-app', 'not-me']),
  })
  .meta({ id: 'ForeignTrade' });

export const logHead = z
  .strictObject({
    origin: z.string(),
    size: z.int(),
    rootHash: sha256Hex,
    /** The signed note. */
    checkpoint: z.string(),
    logKey: z.string(),
    asOf: instant,
  })
  .meta({ id: 'LogHead' });

export const witness = z.strictObject({ name: z.string(), key: z.string() }).meta({ id: 'Witness' });

export type Mandate = z.infer<typeof mandate>;
export type MandateState = z.infer<typeof mandateState>;
export type MandateChange = z.infer<typeof mandateChange>;
export type Freeze = z.infer<typeof freeze>;
export type FreezeRequest = z.infer<typeof freezeRequest>;
export type FreezeAnswer = z.infer<typeof freezeAnswer>;
export type ThawRequest = z.infer<typeof thawRequest>;
export type SecurityOverview = z.infer<typeof securityOverview>;
export type VaultPasskey = z.infer<typeof vaultPasskey>;
export type ForeignTrade = z.infer<typeof foreignTrade>;
export type LogHead = z.infer<typeof logHead>;
export type Witness = z.infer<typeof witness>;
