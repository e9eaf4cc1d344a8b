import { existsSync, rmSync, rmdirSync } from 'node:fs';
import { findNative, removeCopies, type Native } from './binaries.ts';
import { checkClusterVersion, clusterUser, createCluster } from './cluster.ts';
import { explainFolderError, systemCode } from './folder-errors.ts';
import type { Log } from './log.ts';
import { endOrphans } from './orphans.ts';
import { openPlace, recordPlace, type Place } from './place.ts';
import { startPostmaster, type DatabaseExit } from './postmaster.ts';
import { preparePrograms } from './programs.ts';
import { makeSocketFolder } from './socket-folder.ts';
import { takeStarterLock, type StarterLock } from './starter-lock.ts';

/** A PostgreSQL of our own that accepts connections on its private socket. */
export interface EmbeddedPostgres {
  readonly url: string;
  readonly exited: Promise<DatabaseExit>;
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

/**
 * Starts the PostgreSQL of a data folder, creating it the first time and recovering it after whatever
 * happened before. Refusals are `StartError`s; a first start that is refused leaves nothing behind.
 */
export async function startEmbedded(folder: string, log: Log): Promise<EmbeddedPostgres> {
  const native = findNative();
  const folderIsNew = !existsSync(folder);
  try {
    return await startAt(openPlace(folder), native, log);
  } catch (cause) {
    if (folderIsNew) removeIfEmpty(folder);
    throw systemCode(cause) === '' ? cause : explainFolderError(cause, folder);
  }
}

async function startAt(place: Place, native: Native, log: Log): Promise<EmbeddedPostgres> {
  const lock = takeStarterLock(place);
  try {
    makeSocketFolder(place.socket, place.identity);
    await endOrphans(place, log);
    const programs = preparePrograms(native, place);
    await createCluster(programs);
    checkClusterVersion(place, programs);
    recordPlace(place);
    const { exited, stop, kill } = await startPostmaster(programs);
    return { url: socketUrl(place), stop, kill, exited: exited.finally(() => lock.release()) };
  } catch (cause) {
    if (existsSync(place.cluster)) lock.release();
    else undo(place, lock);
    throw cause;
  }
}

/** Without a cluster there is nothing to keep: the next start begins from nothing, as this one did. */
function undo(place: Place, lock: StarterLock): void {
  for (const made of [place.socket, place.libraries]) rmSync(made, { recursive: true, force: true });
  removeCopies(place.root);
  lock.remove();
  removeIfEmpty(place.root);
}

// The host of a Unix socket is a folder, which an URL can carry only as a parameter, for libpq and for pg alike.
function socketUrl(place: Place): string {
  return `postgresql://${clusterUser}@localhost/postgres?host=${encodeURIComponent(place.socket)}`;
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (systemCode(error) !== 'ENOTEMPTY' && systemCode(error) !== 'ENOENT') throw error;
  }
}
