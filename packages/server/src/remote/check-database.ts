/** Whether a database is the one that a worker was made for, with the tables that this version knows. */
import type { Client } from 'pg';
import { connect } from '../database/connect.ts';
import { refuseOtherTables } from '../database/migrate.ts';
import { systemCode } from '../database/folder-errors.ts';
import { StartError } from '../start-error.ts';

/** Throws `StartError`; changes nothing. */
export async function checkDatabase(url: string, installation: string): Promise<void> {
  const client = await connect(url);
  try {
    if ((await installationOf(client)) !== installation) {
      throw new StartError('database-other', [
        'DATABASE_URL names a database of another installation than the one that this worker was made for.',
        'Nothing was started and nothing was changed. Correct DATABASE_URL, or make a credentials file with',
        '`npx counterfoil workers add` where that installation runs.',
      ]);
    }
    await refuseOtherTables(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Which installation a database belongs to; null where it belongs to none. */
export async function readInstallationId(url: string): Promise<string | null> {
  const client = await connect(url);
  try {
    return await installationOf(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function installationOf(client: Client): Promise<string | null> {
  try {
    const { rows } = await client.query<{ readonly id: string }>('select id from counterfoil_installation');
    return rows[0]?.id ?? null;
  } catch (cause) {
    // 42P01 undefined_table: a database that no Counterfoil has prepared.
    if (systemCode(cause) === '42P01') return null;
    throw cause;
  }
}
