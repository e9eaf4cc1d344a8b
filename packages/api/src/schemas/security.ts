/** Mandates, freezes, the log and what the security page shows. */
import { z } from 'zod';
import { assertion } from './connection.ts';
import { decimal, id, instant, sha256Hex, side, symbol } from './values.ts';
import { orderType } from './order.ts';

const count = z.int().min(0).max(1_000_000);
const basisPoints = z.int().min(0).max(10_000);
const hourOfDay = z.int().min(0).max(23);

/** Limits that the owner signed and the gate enforces. Null means: no limit of this kind. Amounts count quote money. */
export const mandate = z
  .strictObject({
    /** Null allows every market. */
    symbols: z.array(symbol).max(200).nullable(),
    deniedSymbols: z.array(symbol).max(200),
    sides: z.array(side).max(2),
    orderTypes: z.array(orderType).max(8),
    notionalPerOrder: decimal.nullable(),
    notionalPerHour: decimal.nullable(),
    notionalPerDay: decimal.nullable(),
    notionalOpen: decimal.nullable(),
    ordersPerMinute: count.nullable(),
    cancelsPerMinute: count.nullable(),
    /** How far a price may be from the gate's own reference price. */
    priceBandBps: basisPoints.nullable(),
    volume24hMin: decimal.nullable(),
    /** Largest share of the 24 h volume, in basis points. */
    volumeShareBps: basisPoints.nullable(),
    reduceOnly: z.boolean(),
    lossPerDay: decimal.nullable(),
    validUntil: instant.nullable(),
    /** Hours of the UTC day in which orders may be placed; null allows all. */
    hours: z.array(hourOfDay).max(24).nullable(),
  })
  .meta({ id: 'Mandate' });

export const mandateState = z
  .strictObject({
    connection: id,
    mandate,
    hash: sha256Hex,
    /** `demo` is built in and nobody signed it. */
    signedBy: z.enum(['demo', 'owner']),
    /** A loosening that waits for its time. */
    pending: z
      .strictObject({ hash: sha256Hex, mandate, dueAt: instant, approvals: z.int(), needed: z.int() })
      .nullable(),
  })
  .meta({ id: 'MandateState' });

export const proposal = z
  .strictObject({ mandate, assertion: assertion.nullable() })
  .meta({ id: 'MandateProposal' });

export const proposalAnswer = z
  .strictObject({
    /** `tightening` holds at once; `loosening` waits for approvals and its time. */
    effect: z.enum(['tightening', 'loosening', 'same']),
    hash: sha256Hex,
    dueAt: instant.nullable(),
  })
  .meta({ id: 'MandateProposalAnswer' });

export const freezeDepth = z
  .enum(['noNewPositions', 'everything'])
  .meta({ id: 'FreezeDepth', description: 'Cancels stay allowed in both.' });

export const freeze = z
  .strictObject({
    scope: z.enum(['connection', 'user', 'everything']),
    /** The connection, where the scope is one. */
    connection: id.nullable(),
    depth: freezeDepth,
    reason: z.string(),
    at: instant,
  })
  .meta({ id: 'Freeze' });

export const freezeRequest = z
  .strictObject({
    scope: z.enum(['connection', 'user', 'everything']),
    connection: id.nullable(),
    depth: freezeDepth,
    cancelOrders: z.boolean(),
  })
  .meta({ id: 'FreezeRequest' });

/** What a freeze leaves unmanaged is said at once. */
export const freezeAnswer = z
  .strictObject({
    freezes: z.array(freeze),
    /** Positions whose stop lives here and not at the venue: nothing will close them until the thaw. */
    unprotected: z.array(z.strictObject({ bot: id, deal: id, symbol, quantity: decimal })),
    cancelsAsked: z.int(),
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

export const card = z
  .strictObject({
    state: z.enum(['ok', 'check', 'act', 'not-set-up']),
    sentence: z.string(),
  })
  .meta({ id: 'SecurityCard' });

export const securityOverview = z
  .strictObject({
    custody: card,
    isolation: card.extend({ level: z.string(), protectsNotFrom: z.string() }).meta({ id: 'IsolationCard' }),
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

export const witness = z
  .strictObject({
    name: z.string(),
    key: z.string(),
    /** Size of the newest checkpoint that it signed; null where it never did. */
    size: z.int().nullable(),
    seenAt: instant.nullable(),
  })
  .meta({ id: 'Witness' });

export type Mandate = z.infer<typeof mandate>;
export type MandateState = z.infer<typeof mandateState>;
export type Freeze = z.infer<typeof freeze>;
export type FreezeRequest = z.infer<typeof freezeRequest>;
export type FreezeAnswer = z.infer<typeof freezeAnswer>;
export type ThawRequest = z.infer<typeof thawRequest>;
export type SecurityOverview = z.infer<typeof securityOverview>;
export type ForeignTrade = z.infer<typeof foreignTrade>;
export type LogHead = z.infer<typeof logHead>;
export type Witness = z.infer<typeof witness>;
