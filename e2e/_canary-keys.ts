/** The canaries: a key of each kind, and what its secret looks like wherever it would be found. */
import { createPrivateKey } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { newViewRecipient, readSecret, sealSecret } from '@counterfoil/seal';
import type { Database } from '@counterfoil/server';
import { type ConnectionId, connectionId, userId, venueId } from '@counterfoil/vocabulary';
import { unseal } from '../packages/vault/src/gate/seal.ts';
import { Store } from '../packages/vault/src/gate/store.ts';
import { shapesOf } from '../packages/vault/tests/_memory.ts';
import type { GateSession } from '../packages/server/src/worker/gate-link.ts';
import { makeConnection, post } from './_accounts.ts';

export const CANARY_OWNER = 'canary';
const BALANCES = { USDT: '1000000', BTC: '20', ETH: '400', SOL: '8000' };
/** Half of what a line of PEM holds: of two such parts in a row a line break cuts one. */
const PART = 24;

export interface Canary {
  readonly name: string;
  readonly connection: ConnectionId;
  readonly apiKeyId: string;
  /** Nowhere but in the gate. */
  readonly shapes: readonly Buffer[];
  /** Those of which the gate has one. */
  readonly once: readonly Buffer[];
  /** The paper exchange has to know an HMAC secret, as every exchange does: it checks with it. */
  readonly isKnownToVenue: boolean;
}

/** One pasted HMAC key, and two that were made in the vault. */
export async function makeCanaries(
  session: GateSession,
  database: Database,
  adminUrl: string,
  root: string,
): Promise<readonly Canary[]> {
  const make = (type: 'ed25519' | 'rsa') =>
    makeConnection(session, database, adminUrl, CANARY_OWNER, `canary-${type}`, BALANCES, type);
  const ed25519 = await make('ed25519');
  const rsa = await make('rsa');
  const born = bornSecrets(root);
  const parts = rsaShapes(born(rsa.id));
  return [
    await pasted(session, database, adminUrl),
    canary('ed25519', ed25519.id, ed25519.apiKeyId, shapesOf(born(ed25519.id).subarray(-32))),
    { ...canary('rsa', rsa.id, rsa.apiKeyId, parts.flat()), once: parts[0] ?? [] },
  ];
}

function canary(name: string, id: string, apiKeyId: string, shapes: readonly Buffer[]): Canary {
  return { name, connection: connectionId.parse(id), apiKeyId, shapes, once: shapes, isKnownToVenue: false };
}

/** Nobody but the gate has them: the test opens the store with the file that opens it. */
function bornSecrets(root: string): (id: string) => Buffer {
  const file = openSync(join(root, 'vault', 'paper.store'), 'r');
  const { records } = new Store(file);
  closeSync(file);
  return (id) => {
    const record = records.find((one) => one.kind === 'key' && one.connection === id);
    if (record?.kind !== 'key') throw new Error('the key is not in the store');
    return unseal(readFileSync(join(root, 'vault', 'paper.kek')), record.secret, `${id}/secret`);
  };
}

/** Two parts of the private exponent, each as it is written and as numbers lie in memory: last byte first. */
function rsaShapes(der: Buffer): readonly Buffer[][] {
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const exponent = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  return [PART, 2 * PART].map((from) => {
    const part = exponent.subarray(from, from + PART);
    return [...shapesOf(part), Buffer.from(part).reverse()];
  });
}

async function pasted(session: GateSession, database: Database, adminUrl: string): Promise<Canary> {
  const venue = venueId.parse('paper');
  const about = { user: userId.parse(CANARY_OWNER), venue, label: 'canary-hmac' };
  const { account } = (await post(adminUrl, '/accounts', {
    name: about.label,
    balances: BALANCES,
  })) as { readonly account: number };
  const registration = { account, kind: 'hmac', allowedIps: ['127.0.0.1'] };
  const { apiKey, secret: text } = (await post(adminUrl, '/keys', registration)) as {
    readonly apiKey: string;
    readonly secret: string;
  };
  const shapes = shapesOf(Buffer.from(text));
  const { type, secret } = readSecret(Buffer.from(text));
  const enrolment = await session.ask({ kind: 'enrolBegin', ...about });
  if (enrolment.kind !== 'enrolment') throw new Error('the gate takes no key');
  const { publicKey } = await newViewRecipient();
  const apiKeyId = Buffer.from(apiKey);
  const blob = await sealSecret(enrolment, about, { type, secret, apiKeyId, viewRecipient: publicKey });
  const made = await session.ask({ kind: 'keySeal', blob, assertion: null });
  if (made.kind !== 'key') throw new Error('the gate took no key');
  await database.kysely
    .insertInto('connection')
    .values({
      owner: CANARY_OWNER,
      id: made.connection,
      venue: 'paper',
      label: about.label,
      api_key_id: apiKey,
    })
    .execute();
  return { ...canary('hmac', made.connection, apiKey, shapes), isKnownToVenue: true };
}
