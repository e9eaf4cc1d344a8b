/** Connections, mandates, freezes, the log. */
import { z } from 'zod';
import { assertion, challenge, connection, enrolment } from '../schemas/connection.ts';
import { venue } from '../schemas/market.ts';
import {
  foreignTrade,
  freeze,
  freezeAnswer,
  freezeRequest,
  logHead,
  mandate,
  mandateChange,
  mandateState,
  securityOverview,
  thawRequest,
  vaultPasskey,
  vaultPasskeyDraft,
  witness,
} from '../schemas/security.ts';
import { base64url, id, label, pageOf, pageQuery, venueText } from '../schemas/values.ts';
import { routesOf } from './define.ts';

const connections = routesOf('connections');
const connectionId = z.strictObject({ connection: id });

export const connectionRoutes = {
  listConnections: connections('GET', '/connections', {
    summary: 'Connections, removed ones included',
    access: 'viewer',
    answer: pageOf('Connections', connection),
  }),
  getConnection: connections('GET', '/connections/:connection', {
    summary: 'One connection',
    access: 'viewer',
    params: connectionId,
    answer: connection,
    problems: ['not-found'],
  }),
  createConnection: connections('POST', '/connections', {
    summary: 'Make a key pair in the vault; register its public half at the venue',
    access: 'owner',
    body: z
      .strictObject({
        venue,
        label,
        keyType: z.enum(['ed25519', 'rsa']),
        /** X25519 key of the user's, to which the key that reads this connection's leaves is sealed. */
        viewRecipient: base64url(32).nullable(),
        /** Of an owner over the gate's intent; needed at a live venue once the workspace has a passkey. */
        assertion: assertion.nullable(),
      })
      .meta({ id: 'ConnectionDraft' }),
    answer: connection,
    status: 201,
    idempotent: true,
    problems: ['refused', 'vault-away'],
  }),
  registerConnection: connections('POST', '/connections/:connection/register', {
    summary: 'Tell the venue’s id of the key, and check what the key may do',
    access: 'owner',
    params: connectionId,
    body: z.strictObject({ apiKeyId: venueText }),
    answer: connection,
    problems: ['not-found', 'conflict', 'refused', 'vault-away'],
  }),
  checkConnection: connections('POST', '/connections/:connection/check', {
    summary: 'Ask the venue again what the key may do',
    access: 'trader',
    params: connectionId,
    answer: connection,
    problems: ['not-found', 'conflict', 'refused', 'vault-away'],
  }),
  rotateConnection: connections('POST', '/connections/:connection/rotate', {
    summary:
      'Make the key that shall replace this one; registering its id switches over, and no order is lost',
    access: 'owner',
    params: connectionId,
    body: z
      .strictObject({
        keyType: z.enum(['ed25519', 'rsa']),
        /** Of an owner over the gate's intent; needed at a live venue once the workspace has a passkey. */
        assertion: assertion.nullable(),
      })
      .meta({ id: 'KeyRotation' }),
    answer: connection,
    idempotent: true,
    problems: ['not-found', 'conflict', 'refused', 'passkey-needed', 'vault-away'],
  }),
  removeConnection: connections('POST', '/connections/:connection/remove', {
    summary: 'Destroy the key for good; orders, fills and receipts stay',
    access: 'owner',
    params: connectionId,
    body: z.strictObject({ assertion: assertion.nullable() }),
    answer: connection,
    problems: ['not-found', 'conflict', 'refused', 'passkey-needed', 'vault-away'],
  }),
  beginEnrolment: connections('POST', '/connections/enrolments', {
    summary: 'A one-time nonce and the vault’s public key, to seal a secret where it is pasted',
    access: 'owner',
    body: z.strictObject({ venue, label }),
    answer: enrolment,
    status: 201,
    problems: ['refused', 'vault-away'],
  }),
  sealConnection: connections('POST', '/connections/sealed', {
    summary: 'Hand over a sealed secret that only the vault can open',
    access: 'owner',
    body: z.strictObject({ venue, label, blob: base64url(4_096), assertion: assertion.nullable() }),
    answer: connection,
    status: 201,
    idempotent: true,
    problems: ['refused', 'vault-away'],
  }),
} as const;

const security = routesOf('security');

export const securityRoutes = {
  getSecurity: security('GET', '/security', {
    summary: 'The six cards and what is frozen',
    access: 'viewer',
    answer: securityOverview,
  }),
  getMandate: security('GET', '/connections/:connection/mandate', {
    summary: 'The limits that the gate enforces, and what waits to loosen them',
    access: 'viewer',
    params: connectionId,
    answer: mandateState,
    problems: ['not-found', 'vault-away'],
  }),
  proposeMandate: security('PUT', '/connections/:connection/mandate', {
    summary: 'Propose other limits: tighter ones hold at once, looser ones need a passkey and their time',
    access: 'owner',
    params: connectionId,
    body: mandate,
    answer: mandateChange,
    problems: ['not-found', 'refused', 'vault-away'],
  }),
  approveMandate: security('POST', '/connections/:connection/mandate/approvals', {
    summary: 'Approve looser limits',
    access: 'owner',
    params: connectionId,
    body: z.strictObject({ mandate, assertion: assertion.nullable() }).meta({ id: 'MandateApproval' }),
    answer: mandateChange,
    problems: ['not-found', 'refused', 'passkey-needed', 'vault-away'],
  }),
  beginApproval: security('POST', '/security/challenges', {
    summary: 'A one-time number of the gate for a passkey to sign',
    access: 'owner',
    answer: challenge,
    problems: ['refused', 'vault-away'],
  }),
  listFreezes: security('GET', '/security/freezes', {
    summary: 'What is frozen and why',
    access: 'viewer',
    answer: pageOf('Freezes', freeze),
  }),
  freeze: security('POST', '/security/freeze', {
    summary: 'The vault signs nothing new from now on',
    access: 'trader',
    body: freezeRequest,
    answer: freezeAnswer,
    problems: ['not-found', 'vault-away'],
  }),
  thaw: security('POST', '/security/thaw', {
    summary: 'Let the vault sign again',
    access: 'owner',
    body: thawRequest,
    answer: pageOf('ThawAnswer', freeze),
    problems: ['not-found', 'refused', 'passkey-needed', 'vault-away'],
  }),
  listVaultPasskeys: security('GET', '/security/passkeys', {
    summary: 'Passkeys from which the vault takes approvals',
    access: 'owner',
    answer: pageOf('VaultPasskeys', vaultPasskey),
    problems: ['vault-away'],
  }),
  addVaultPasskey: security('POST', '/security/passkeys', {
    summary: 'Let the vault take approvals from a further passkey; one that it knows approves this',
    access: 'owner',
    body: vaultPasskeyDraft,
    answer: vaultPasskey,
    status: 201,
    problems: ['refused', 'passkey-needed', 'vault-away'],
  }),
  removeVaultPasskey: security('POST', '/security/passkeys/:passkey/remove', {
    summary:
      'Take no more approvals from a passkey; one that the vault knows approves this, and the last stays',
    access: 'owner',
    params: z.strictObject({ passkey: base64url(1_023) }),
    body: z.strictObject({ assertion: assertion.nullable() }),
    answer: pageOf('VaultPasskeysLeft', vaultPasskey),
    problems: ['not-found', 'refused', 'passkey-needed', 'vault-away'],
  }),
  listForeignTrades: security('GET', '/security/foreign-trades', {
    summary: 'Trades at the venue that no leaf explains',
    access: 'viewer',
    query: pageQuery,
    answer: pageOf('ForeignTrades', foreignTrade),
  }),
  answerForeignTrade: security('POST', '/security/foreign-trades/:trade/answer', {
    summary: 'Say whose a foreign trade was; “not me” freezes its connection',
    access: 'trader',
    params: z.strictObject({ trade: z.string().regex(/^[!-~]{1,160}$/) }),
    body: z.strictObject({ answer: z.enum(['mine', 'other-app', 'not-me']) }),
    answer: foreignTrade,
    problems: ['not-found', 'vault-away'],
  }),
  getLogHead: security('GET', '/log/head', {
    summary: 'The newest checkpoint that the gate verified',
    access: 'viewer',
    answer: logHead,
    problems: ['vault-away'],
  }),
  listWitnesses: security('GET', '/log/witnesses', {
    summary: 'Who co-signs the log',
    access: 'viewer',
    answer: pageOf('Witnesses', witness),
  }),
} as const;
