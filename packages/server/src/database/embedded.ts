import { existsSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { findNative } from './binaries.ts';
import { checkClusterVersion, clusterUser, createCluster } from './cluster.ts';
import { explainFolderError } from './folder-errors.ts';
import type { Log } from './log.ts';
import { endOrphans } from './orphans.ts';
import { findPlace, preparePlace, recordPlace, type Place } from './place.ts';
import { startPostmaster, type DatabaseExit, type Postmaster } from './postmaster.ts';
import { preparePrograms } from './programs.ts';
import { takeStarterLock } from './starter-lock.ts';

/** A PostgreSQL of our own that accepts connections on its private socket. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly pid: number;
  readonly exited: Promise<DatabaseExit>;
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL of a data folder, creating it the first time and recovering it after whatever
 * happened before. Refusals are `StartError`s; a first start that is refused leaves nothing behind.
 */
export async function startEmbedded(folder: string, log: Log): Promise<EmbeddedPostgres> {
  const native = findNative();
  const folderIsNew = !existsSync(folder);
  const place = findPlace(folder);
  try {
    return await startAt(place, native, log);
  } catch (cause) {
    const refusal = explainFolderError(cause, place.folder);
    if (folderIsNew && isEmpty(place.folder)) rmdirSync(place.folder);
    throw refusal;
  }
}

async function startAt(
  place: Place,
  native: ReturnType<typeof findNative>,
  log: Log,
): Promise<EmbeddedPostgres> {
  preparePlace(place);
  const lock = takeStarterLock(place);
  let postmaster: Postmaster;
  try {
    await endOrphans(place, log);
    const programs = preparePrograms(native, place);
    await createCluster(programs);
    checkClusterVersion(place, programs);
    recordPlace(place);
    postmaster = await startPostmaster(programs);
  } catch (cause) {
    if (existsSync(place.cluster)) {
      lock.release();
    } else {
      rmSync(place.socket, { recursive: true, force: true });
      lock.remove();
      rmSync(place.root, { recursive: true, force: true });
    }
    throw cause;
  }
  const exited = postmaster.exited.finally(() => lock.release());
  return {
    url: socketUrl(place),
    pid: postmaster.pid,
    exited,
    async stop() {
      await postmaster.stop();
      lock.release();
    },
  };
}

// The host of a Unix socket is a folder, which an URL can carry only as a parameter, for libpq and for pg alike.
function socketUrl(place: Place): string {
  return `postgresql://${clusterUser}@localhost/postgres?host=${encodeURIComponent(place.socket)}`;
}

function isEmpty(folder: string): boolean {
  return readdirSync(folder).length === 0;
}
