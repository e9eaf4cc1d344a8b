import { accessSync, chownSync, closeSync, constants, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { LOCK_WAIT_MS } from '@counterfoil/wire/folder-lock';
import { StartError } from '../start-error.ts';
import { noSpace, systemCode } from './folder-errors.ts';
import type { Place } from './place.ts';

/** Held by the one process that may start, stop and replace the PostgreSQL of a data folder. */
export interface StarterLock {
  release(): void;
  /** Releases and leaves no file behind; for a first start that came to nothing. */
  remove(): void;
}

// SQLite's result codes (sqlite3.h): another connection holds the lock; no space for the journal of a first page.
const sqliteBusy = 5;
const sqliteFull = 13;

/**
 * Takes the lock of a place, or refuses within `LOCK_WAIT_MS` with `already-running`.
 *
 * Options considered: a file with a process id (a reused id locks a folder for ever or lets two in), a
 * listening socket (taking over a dead one races), and a kernel file lock, which ends with its process however
 * that dies. Node offers no `flock`, but SQLite's exclusive lock is an `fcntl` lock on an empty file.
 */
export function takeStarterLock(place: Place): StarterLock {
  const path = join(place.root, 'starter.lock');
  makeEmpty(path, place.root);
  accessSync(path, constants.R_OK | constants.W_OK);
  const opened = inodeOf(path);
  const file = new DatabaseSync(path, { timeout: LOCK_WAIT_MS });
  try {
    file.exec('begin exclusive');
  } catch (cause) {
    file.close();
    if (resultCode(cause) === sqliteBusy) throw alreadyRunning(place.folder, cause);
    throw resultCode(cause) === sqliteFull ? noSpace(place.folder, cause) : cause;
  }
  // A first start that failed may have removed the file between opening and locking: then two could hold "the" lock.
  if (opened === undefined || inodeOf(path) !== opened) {
    file.close();
    throw alreadyRunning(place.folder);
  }
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

// Only an absent file is opened here: closing any descriptor of a file drops all `fcntl` locks that this process
// holds on it, and with them the lock of a database that runs in this very process.
function makeEmpty(path: string, root: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return;
    throw error;
  }
  // Root may start a folder that an ordinary user started before and will start again.
  const { uid, gid } = statSync(root);
  chownSync(path, uid, gid);
}

function inodeOf(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

function resultCode(cause: unknown): unknown {
  return cause instanceof Error && 'errcode' in cause ? cause.errcode : undefined;
}

function alreadyRunning(folder: string, cause?: unknown): StartError {
  return new StartError(
    'already-running',
    [
      `Another Counterfoil is running on the data folder ${folder}.`,
      'It goes on trading and was not disturbed; this second one did not start.',
      'Use the running one, or stop it first.',
    ],
    { cause },
  );
}
