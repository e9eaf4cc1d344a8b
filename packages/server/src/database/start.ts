import { checkServer } from './connect.ts';
import { startEmbedded } from './embedded.ts';
import type { Log } from './log.ts';
import type { DatabaseExit } from './postmaster.ts';

/** Where the database comes from. */
export interface DatabaseOptions {
  /** The data folder; created with mode 0700 if absent. Unused with `databaseUrl`. */
  readonly folder: string;
  /** The value of `DATABASE_URL`: a PostgreSQL server to use instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  readonly log: Log;
}

/** A database that accepts connections. */
export interface RunningDatabase {
  /** For `openDatabase`, in this process or another one of the same user. Holds the server's password: never log it. */
  readonly url: string;
  readonly kind: 'embedded' | 'server';
  /** PostgreSQL's own version: `18.4`. */
  readonly version: string;
  /**
   * Resolves when the embedded PostgreSQL ended, for whatever reason; then `startDatabase` may be called again,
   * and pools that were opened before find the new one under the same `url`. Never resolves for a server.
   */
  readonly exited: Promise<DatabaseExit>;
  /** Stops the embedded PostgreSQL cleanly within 30 s; does nothing to a server. May be called twice. */
  readonly stop: () => Promise<void>;
  /** Ends the embedded PostgreSQL at once; the next start recovers all that was acknowledged. Nothing to a server. */
  readonly kill: () => void;
}

/**
 * Starts the embedded PostgreSQL, or checks the server of `databaseUrl`. Whatever an operator could have caused
 * is thrown as a `StartError`.
 */
export async function startDatabase(options: DatabaseOptions): Promise<RunningDatabase> {
  const { folder, databaseUrl, log } = options;
  if (databaseUrl !== undefined) {
    const version = await checkServer(databaseUrl);
    return {
      url: databaseUrl,
      kind: 'server',
      version,
      exited: new Promise(() => {}),
      stop: async () => {},
      kill: () => {},
    };
  }
  const postgres = await startEmbedded(folder, log);
  try {
    return { ...postgres, kind: 'embedded', version: await checkServer(postgres.url) };
  } catch (cause) {
    await postgres.stop();
    throw cause;
  }
}
