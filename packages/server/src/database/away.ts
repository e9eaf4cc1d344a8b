/**
 * Whether a failed query failed because the database was not there for it, which passes by itself, and not because of
 * what was asked. The driver's own errors have no class or code for most of these, so they are marked where they
 * come into being: a connection that the operating system refuses looks the same whoever asked for it.
 */
import { DatabaseError, Pool, type PoolClient, type PoolConfig } from 'pg';

const away = new WeakSet<object>();

/**
 * SQLSTATEs of a server that ends, starts or has no connection left (57P01 to 57P03, 53300), of a statement over its
 * time (57014), and of a transaction that lay idle for too long (25P03). Class 08 is a broken connection.
 */
const AWAY_CODES: ReadonlySet<string> = new Set(['57P01', '57P02', '57P03', '53300', '57014', '25P03']);
/** What the driver says of a connection that broke between two statements of a transaction. */
const NOT_QUERYABLE: ReadonlySet<string> = new Set([
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
]);

/** Whatever was under way when this was thrown may or may not have been written. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (away.has(error) || NOT_QUERYABLE.has(error.message)) return true;
  return (
    error instanceof DatabaseError &&
    (AWAY_CODES.has(error.code ?? '') || (error.code ?? '').startsWith('08'))
  );
}

type Connected = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** A pool whose failures to give a connection, and whose connections that break, are known to `isDatabaseAway`. */
export class WatchedPool extends Pool {
  constructor(config: PoolConfig) {
    super(config);
    // A connection that breaks rejects its queries with the very error that it reports here, in a later turn. One in
    // use, between two statements of a transaction, would end this process if nobody listened.
    this.on('connect', (client) => client.on('error', (error) => away.add(error)));
  }

  override connect(): Promise<PoolClient>;
  override connect(connected: Connected): void;
  override connect(connected?: Connected): Promise<PoolClient> | void {
    const connecting = super.connect().catch((error: unknown) => {
      if (error instanceof Error) away.add(error);
      throw error;
    });
    if (connected === undefined) return connecting;
    connecting.then(
      (client) => connected(undefined, client, (release) => client.release(release === true)),
      (error: Error) => connected(error, undefined, () => {}),
    );
  }
}
