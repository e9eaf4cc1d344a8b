import type { Client } from 'pg';
import { productVersion } from '../product-version.ts';
import { StartError } from '../start-error.ts';
import { connect } from './connect.ts';
import { systemCode } from './folder-errors.ts';
import type { Log } from './log.ts';
import { migrationsFolder, readMigrations, type Migration } from './migration-files.ts';
import type { RunningDatabase } from './start.ts';

/** All of it has a default; a test replaces the folder and the patience. */
export interface MigrateOptions {
  readonly log?: Log;
  readonly folder?: string;
  /** How long another process that migrates may take to finish. */
  readonly lockWaitMs?: number;
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
  readonly applied_by: string;
}

// Any fixed number that nothing else locks: the first eight bytes of SHA-256("counterfoil migrations").
const advisoryLock = '6543605367371237745';
const lockWaitMsMax = 60_000;
const APPLIED = 'select number, name, sha256, applied_by from counterfoil_migration order by number';

/**
 * Brings the schema to this version and returns how many migrations were applied. One process at a time, each
 * migration in a transaction of its own together with its record. A database that a newer version has migrated,
 * or that was migrated from other files, is refused and left as it is.
 */
export async function migrate(
  running: Pick<RunningDatabase, 'url'>,
  { log = () => {}, folder = migrationsFolder, lockWaitMs = lockWaitMsMax }: MigrateOptions = {},
): Promise<number> {
  const migrations = readMigrations(folder);
  const client = await connect(running.url);
  try {
    await lock(client, lockWaitMs);
    const applied = await readApplied(client);
    refuseNewer(migrations, applied);
    refuseChanged(migrations, applied);
    const pending = migrations.slice(applied.length);
    for (const migration of pending) {
      await apply(client, migration);
      log(`migration ${migration.number} (${migration.name}) applied`);
    }
    return pending.length;
  } finally {
    // Ends the session, and with it the lock.
    await client.end().catch(() => {});
  }
}

/** For whoever joins a database that others run: it must have this version's tables, and is not brought there. */
export async function refuseOtherTables(client: Client, folder: string = migrationsFolder): Promise<void> {
  const migrations = readMigrations(folder);
  const { rows: applied } = await client.query<Applied>(APPLIED);
  refuseNewer(migrations, applied);
  refuseChanged(migrations, applied);
  if (applied.length === migrations.length) return;
  throw new StartError('database-older', [
    `This database has ${applied.length} migrations and this version of Counterfoil knows ${migrations.length}.`,
    'Nothing was started and nothing was changed.',
    'Start the same version as where the vault runs; `npm start` there brings the database up to date.',
  ]);
}

async function lock(client: Client, waitMs: number): Promise<void> {
  await client.query(`set lock_timeout = ${waitMs}`);
  try {
    await client.query('select pg_advisory_lock($1)', [advisoryLock]);
  } catch (cause) {
    // 55P03 lock_not_available
    if (systemCode(cause) !== '55P03') throw cause;
    throw new StartError(
      'migration-locked',
      [
        `Another Counterfoil has been changing this database's tables for ${waitMs / 1000} s.`,
        'Nothing was started and no order was sent.',
        'Wait until it is done and start again.',
      ],
      { cause },
    );
  }
}

async function readApplied(client: Client): Promise<readonly Applied[]> {
  try {
    await client.query(`
      create table if not exists counterfoil_migration (
        number integer primary key check (number > 0),
        name text not null,
        sha256 text not null check (length(sha256) = 64),
        applied_by text not null,
        applied_at timestamptz not null default now()
      )`);
    await client.query(`comment on table counterfoil_migration is 'reference: one row per migration'`);
    const { rows } = await client.query<Applied>(APPLIED);
    return rows;
  } catch (cause) {
    throw failed('The record of migrations cannot be kept', cause);
  }
}

function refuseNewer(migrations: readonly Migration[], applied: readonly Applied[]): void {
  const newest = applied.at(-1);
  if (newest === undefined || newest.number <= migrations.length) return;
  throw new StartError('newer-version', [
    `This database was last changed by Counterfoil ${newest.applied_by} (migration ${newest.number},`,
    `${newest.name}); this is ${productVersion}, which knows ${migrations.length}.`,
    'Nothing was started and nothing was changed.',
    'Start the newer version, or restore the backup that was made before the upgrade.',
  ]);
}

function refuseChanged(migrations: readonly Migration[], applied: readonly Applied[]): void {
  for (const [index, record] of applied.entries()) {
    const migration = migrations[index];
    if (record.number === migration?.number && record.sha256 === migration.sha256) continue;
    throw new StartError('migration-changed', [
      `Migration ${record.number} (${record.name}) was applied by Counterfoil ${record.applied_by} with`,
      'other content than this checkout has, so the tables may differ from what this version expects.',
      'Nothing was started and nothing was changed.',
      'Restore the released file, or start the version that made this database.',
    ]);
  }
}

async function apply(client: Client, migration: Migration): Promise<void> {
  await client.query('begin');
  try {
    await client.query(`select set_config('counterfoil.version', $1, true)`, [productVersion]);
    await client.query(migration.sql);
    await client.query(
      'insert into counterfoil_migration (number, name, sha256, applied_by) values ($1, $2, $3, $4)',
      [migration.number, migration.name, migration.sha256, productVersion],
    );
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => {});
    throw failed(`Migration ${migration.number} (${migration.name}) failed and was undone`, cause);
  }
}

function failed(what: string, cause: unknown): StartError {
  return new StartError(
    'migration-failed',
    [
      `${what}: ${cause instanceof Error ? cause.message : 'unknown cause'}.`,
      'Nothing was started and no order was sent; the tables are as before.',
      'Free disk space or give the database user the right to create tables if that is the cause, and',
      'report it otherwise.',
    ],
    { cause },
  );
}
