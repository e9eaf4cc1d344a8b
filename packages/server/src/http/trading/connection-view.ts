/** A connection as the API shows it. */
import type { Connection } from '@counterfoil/api';
import type { Kysely, Selectable } from 'kysely';
import type { ConnectionTable, Tables } from '../../database/tables.ts';

export type ConnectionRow = Selectable<ConnectionTable>;

export async function connectionOf(database: Kysely<Tables>, row: ConnectionRow): Promise<Connection> {
  const lastUsedAt = await lastUse(database, row);
  const bound = row.permissions?.ipAllowList === true;
  const born = row.born === 'vault-born';
  return {
    id: row.id,
    venue: row.venue,
    environment: row.venue === 'paper' ? 'paper' : 'live',
    label: row.label,
    born: row.born,
    keyType: row.key_type,
    state:
      row.removed_at !== null
        ? 'removed'
        : row.trouble !== null
          ? 'refused'
          : row.api_key_id === null && row.permissions === null
            ? 'unregistered'
            : 'ready',
    trouble: row.trouble,
    publicKeyPem: row.public_key_pem,
    successor:
      row.successor_key_type === null || row.successor_public_key_pem === null
        ? null
        : { keyType: row.successor_key_type, publicKeyPem: row.successor_public_key_pem },
    apiKeyId: row.api_key_id,
    permissions: row.permissions,
    grade: row.permissions === null ? null : born && bound ? 'A' : born || bound ? 'B' : 'C',
    madeAt: row.made_at.toISOString(),
    checkedAt: row.checked_at?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    removedAt: row.removed_at?.toISOString() ?? null,
  };
}

/** When the newest order was journalled that the vault signed with this connection's key. */
async function lastUse(database: Kysely<Tables>, { owner, id }: ConnectionRow): Promise<Date | undefined> {
  const newest = await database
    .selectFrom('intent')
    .select('journalled_at')
    .where('owner', '=', owner)
    .where('method', '=', 'create')
    .where('connection', '=', id)
    .where('state', 'in', ['accepted', 'rejected', 'unknown'])
    .orderBy('journalled_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.journalled_at;
}
