/** More connections of an installation: keys made in its vault, registered at its paper exchange. */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '@counterfoil/server';
import { userId, venueId } from '@counterfoil/vocabulary';
import { identityOf } from '@counterfoil/wire';
import { atSwitch } from '../packages/server/src/worker/at-switch.ts';
import { GateLink, type GateSession } from '../packages/server/src/worker/gate-link.ts';
import type { Installation } from './_installation.ts';

export interface TestConnection {
  readonly id: string;
  /** Name of its account at the paper exchange. */
  readonly account: string;
  readonly apiKeyId: string;
  readonly viewKey: Uint8Array;
}

/** A line to the vault under the server's identity; its epoch stays below every worker's later ones. */
export async function withSession<T>(
  installation: Installation,
  database: Database,
  act: (session: GateSession) => Promise<T>,
): Promise<T> {
  const pem = readFileSync(join(installation.root, 'vault', 'worker.pem'));
  const link = new GateLink({
    reach: atSwitch(join(installation.root, 'run', 'vault.sock')),
    isDistant: false,
    identity: identityOf(createPrivateKey(pem)),
    gatePin: readFileSync(join(installation.root, 'vault', 'identity'), 'utf8').trim(),
    nextEpoch: async () => {
      const { rows } = await database.pool.query<{ epoch: bigint }>(
        'update worker_epoch set epoch = epoch + 1 returning epoch',
      );
      return Number(rows[0]?.epoch);
    },
    onAttached: () => Promise.resolve(),
    log: () => {},
  });
  const session = await link.session(10_000);
  if (session === null) throw new Error('the vault is not there');
  try {
    return await act(session);
  } finally {
    await link.close();
  }
}

export async function makeConnection(
  session: GateSession,
  database: Database,
  adminUrl: string,
  owner: string,
  account: string,
  balances: Readonly<Record<string, string>>,
  type: 'ed25519' | 'rsa' = 'ed25519',
): Promise<TestConnection> {
  const key = await session.ask({
    kind: 'keyGenerate',
    assertion: null,
    user: userId.parse(owner),
    venue: venueId.parse('paper'),
    label: account,
    type,
    viewRecipient: null,
  });
  if (key.kind !== 'key' || key.viewKey === null) throw new Error('the gate made no key');
  const { account: number } = (await post(adminUrl, '/accounts', { name: account, balances })) as {
    account: number;
  };
  const registration = { account: number, kind: type, publicKey: key.publicKeyPem };
  const { apiKey } = (await post(adminUrl, '/keys', registration)) as { apiKey: string };
  await database.kysely
    .insertInto('connection')
    .values({ owner, id: key.connection, venue: 'paper', label: account, api_key_id: apiKey })
    .execute();
  return { id: key.connection, account, apiKeyId: apiKey, viewKey: key.viewKey };
}

/** One request to the paper exchange's admin port. */
export async function post(adminUrl: string, path: string, body: unknown, method = 'POST'): Promise<unknown> {
  const answer = await fetch(`${adminUrl}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(method === 'DELETE' ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: HTTP ${answer.status} ${await answer.text()}`);
  return answer.json();
}
