import { Kysely, PostgresDialect } from 'kysely';
import type { Pool } from 'pg';
import { WatchedPool } from './away.ts';
import { connect } from './connect.ts';
import type { Log } from './log.ts';
import type { RunningDatabase } from './start.ts';
import type { Tables } from './tables.ts';
import { wholeNumbers } from './whole-numbers.ts';

/** An open pool with Kysely on top. */
export interface Database {
  readonly kysely: Kysely<Tables>;
  /** The same connections, for the ledger's named statements. */
  readonly pool: Pool;
  /** Waits for the queries under way and closes every connection. May be called twice. */
  readonly close: () => Promise<void>;
}

// Throughput of small transactions was flat beyond 8 connections on two cores; the embedded server allows 100 in all.
const connectionsMax = 10;
const connectMsMax = 10_000;
// A forgotten transaction holds its locks and stops the ledger; a statement of a minute is a defect here.
const statementMsMax = 60_000;
const idleInTransactionMsMax = 60_000;

/** Opens a database that `startDatabase` returned, in this process or in another one that was told its `url`. */
export async function openDatabase(
  running: Pick<RunningDatabase, 'url'>,
  log: Log = () => {},
): Promise<Database> {
  const pool = new WatchedPool({
    connectionString: running.url,
    max: connectionsMax,
    connectionTimeoutMillis: connectMsMax,
    statement_timeout: statementMsMax,
    idle_in_transaction_session_timeout: idleInTransactionMsMax,
    types: wholeNumbers,
  });
  const report = (error: Error): void =>
    log(`a database connection was lost (${error.message}); the next query opens another`);
  // Without a listener a restart of PostgreSQL would end this process: the pool speaks for idle connections.
  pool.on('error', report);
  // Fails with a sentence before the pool could fail without one.
  await (await connect(running.url)).end();
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= kysely.destroy());
  return { kysely, pool, close };
}
