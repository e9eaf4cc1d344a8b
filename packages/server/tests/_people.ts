/** People with each role, signed in, without the ceremony of passkeys. */
import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Tables } from '../src/database/tables.ts';

export type RoleName = 'viewer' | 'trader' | 'owner';

/** The cookie of a new session of a new account with that role. */
export async function signedIn(database: Kysely<Tables>, owner: string, role: RoleName): Promise<string> {
  const account = `a-${role}`;
  const [id, secret] = [`s-${role}`, randomBytes(32).toString('base64url')];
  await database
    .insertInto('workspace')
    .values({ owner, name: owner })
    .onConflict((conflict) => conflict.column('owner').doNothing())
    .execute();
  await database
    .insertInto('account')
    .values({ owner, id: account, name: role, role, recovery_hash: randomBytes(32) })
    .execute();
  await database
    .insertInto('session')
    .values({
      owner,
      id,
      account,
      hash: createHash('sha256').update(secret).digest(),
      agent: 'test',
      address: '127.0.0.1',
      expires_at: new Date(Date.now() + 3_600_000),
    })
    .execute();
  return `counterfoil=${owner}.${id}.${secret}`;
}
