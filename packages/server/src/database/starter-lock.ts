import { chownSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from '../start-error.ts';
import { systemCode } from './folder-errors.ts';
import type { Place } from './place.ts';

/** Held by the one process that may start, stop and replace the PostgreSQL of a data folder. */
export interface StarterLock {
  release(): void;
  /** Releases and leaves no file behind; for a first start that came to nothing. */
  remove(): void;
}

/**
 * Takes the lock of a place, or refuses at once with `already-running`.
 *
 * Options considered: a file with a process id (a reused id locks a folder for ever or lets two in), a
 * listening socket (taking over a dead one races), and a kernel file lock, which ends with its process however
 * that dies. Node offers no `flock`, but SQLite's exclusive lock is an `fcntl` lock on an empty file.
 */
export function takeStarterLock(place: Place): StarterLock {
  const path = join(place.root, 'starter.lock');
  const file = new DatabaseSync(path, { timeout: 0 });
  const opened = inodeOf(path);
  try {
    file.exec('begin exclusive');
  } catch (cause) {
    file.close();
    throw alreadyRunning(place.folder, cause);
  }
  // Between opening and locking, a first start that failed may have removed the file: then two could hold "the" lock.
  if (inodeOf(path) !== opened) {
    file.close();
    throw alreadyRunning(place.folder);
  }
  // Root may start a folder that an ordinary user started before and will start again.
  const owner = statSync(place.root);
  chownSync(path, owner.uid, owner.gid);
  return {
    release() {
      if (file.isOpen) file.close();
    },
    remove() {
      rmSync(path, { force: true });
      if (file.isOpen) file.close();
    },
  };
}

function inodeOf(path: string): bigint | undefined {
  try {
    return statSync(path, { bigint: true }).ino;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function alreadyRunning(folder: string, cause?: unknown): StartError {
  return new StartError(
    'already-running',
    `Another Counterfoil is running on the data folder ${folder}. It goes on trading and was not disturbed; this second one did not start. Use the running one, or stop it first.`,
    { cause },
  );
}
