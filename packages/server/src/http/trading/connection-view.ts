/** A connection as the API shows it. */
import type { Connection } from '@counterfoil/api';
import type { Selectable } from 'kysely';
import type { ConnectionTable } from '../../database/tables.ts';

export type ConnectionRow = Selectable<ConnectionTable>;

export function connectionOf(row: ConnectionRow): Connection {
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
    lastUsedAt: null,
    removedAt: row.removed_at?.toISOString() ?? null,
  };
}
