/**
 * The demo's connection: a key made in the vault, its public half registered at the paper exchange, as a user would
 * register it at a real one. What reads its leaves lies in the data folder's demo part, because nobody has made it
 * theirs yet.
 */
import { renameSync, writeFileSync } from 'node:fs';
import type { Kysely } from 'kysely';
import { connectionId, userId, venueId } from '@counterfoil/vocabulary';
import type { Tables } from '../database/tables.ts';
import type { GateSession } from './gate-link.ts';

export const DEMO_OWNER = 'demo';

export interface DemoOptions {
  readonly database: Kysely<Tables>;
  /** The paper exchange's admin address: `http://127.0.0.1:port`. */
  readonly paperAdminUrl: string;
  /** Where what reads the demo's leaves is kept: `{venue, apiKeyId, epoch, viewKey}`. */
  readonly connectionFile: string;
}

/** What a new account starts with: round figures, plainly not real. */
const BALANCES = { USDT: '100000', BTC: '1' };

/** The demo connection, the oldest of its workspace; undefined before the vault was attached for the first time. */
export function findDemo(
  database: Kysely<Tables>,
): Promise<{ readonly id: string; readonly api_key_id: string | null } | undefined> {
  return database
    .selectFrom('connection')
    .select(['id', 'api_key_id'])
    .where('owner', '=', DEMO_OWNER)
    .where('api_key_id', 'is not', null)
    .where('removed_at', 'is', null)
    .orderBy('made_at')
    .executeTakeFirst();
}

/** Finds or makes the demo connection and has the gate check it; the connection's id. */
export async function prepareDemo(options: DemoOptions, session: GateSession): Promise<string> {
  const connection = (await findDemo(options.database)) ?? (await makeConnection(options, session));
  const checked = await session.ask({
    kind: 'keyCheck',
    connection: connectionId.parse(connection.id),
    apiKeyId: connection.api_key_id ?? '',
  });
  // A frozen key cannot be checked: whoever thaws it has it checked.
  if (checked.kind === 'refused' && checked.code !== 'frozen')
    throw new Error(`the demo key is refused: ${checked.sentence}`);
  if (checked.kind === 'permissions') {
    const { trade, withdraw, ipAllowList } = checked;
    await options.database
      .updateTable('connection')
      .set({ permissions: JSON.stringify({ trade, withdraw, ipAllowList }), checked_at: new Date() })
      .where('owner', '=', DEMO_OWNER)
      .where('id', '=', connection.id)
      .execute();
  }
  return connection.id;
}

async function makeConnection(
  { database, paperAdminUrl, connectionFile }: DemoOptions,
  session: GateSession,
): Promise<{ readonly id: string; readonly api_key_id: string }> {
  const label = 'demo';
  const key = await session.ask({
    kind: 'keyGenerate',
    assertion: null,
    user: userId.parse(DEMO_OWNER),
    venue: venueId.parse('paper'),
    label,
    type: 'ed25519',
    viewRecipient: null,
  });
  if (key.kind !== 'key') throw new Error('the gate made no key');
  if (key.publicKeyPem === null) throw new Error('the gate made no key');
  const apiKey = await registerAtPaper(paperAdminUrl, label, 'ed25519', key.publicKeyPem);
  if (key.viewKey !== null) {
    const viewKey = Buffer.from(key.viewKey).toString('hex');
    writeWhole(
      connectionFile,
      `${JSON.stringify({ venue: 'paper', apiKeyId: apiKey, epoch: 0, viewKey })}\n`,
    );
  }
  await database
    .insertInto('connection')
    .values({ owner: DEMO_OWNER, id: key.connection, venue: 'paper', label, api_key_id: apiKey })
    .execute();
  return { id: key.connection, api_key_id: apiKey };
}

/** What a user does at an exchange: opens an account and registers the public half of a key. The exchange's key id. */
export async function registerAtPaper(
  paperAdminUrl: string,
  name: string,
  kind: 'ed25519' | 'rsa',
  publicKey: string,
): Promise<string> {
  const { account } = (await admin(paperAdminUrl, '/accounts', { name, balances: BALANCES })) as {
    account: number;
  };
  const { apiKey } = (await admin(paperAdminUrl, '/keys', { account, kind, publicKey })) as {
    apiKey: string;
  };
  return apiKey;
}

/** The same when a key replaces another: the new half goes to the same account. The exchange's key id. */
export async function replaceAtPaper(
  paperAdminUrl: string,
  apiKeyId: string,
  kind: 'ed25519' | 'rsa',
  publicKey: string,
): Promise<string> {
  const { account } = (await changeAtPaper(paperAdminUrl, apiKeyId, {})) as { account: number };
  const { apiKey } = (await admin(paperAdminUrl, '/keys', { account, kind, publicKey })) as {
    apiKey: string;
  };
  return apiKey;
}

/** From here on the exchange takes nothing under this key. */
export async function revokeAtPaper(paperAdminUrl: string, apiKeyId: string): Promise<void> {
  await changeAtPaper(paperAdminUrl, apiKeyId, { isRevoked: true });
}

function changeAtPaper(url: string, apiKeyId: string, change: object): Promise<unknown> {
  return admin(url, `/keys/${encodeURIComponent(apiKeyId)}`, change, 'PATCH');
}

async function admin(
  url: string,
  path: string,
  body: unknown,
  method: 'POST' | 'PATCH' = 'POST',
): Promise<unknown> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`the paper exchange refused ${path}: HTTP ${answer.status}`);
  return answer.json();
}

function writeWhole(path: string, content: string): void {
  writeFileSync(`${path}.partial`, content, { mode: 0o600, flush: true });
  renameSync(`${path}.partial`, path);
}
