/**
 * One process per folder. Node has no file locks of its own; SQLite's are real ones that the system drops when the
 * process dies, however it dies: a crash leaves no lock behind, and a process that is dead and not yet collected, or
 * another one under its number, is not mistaken for it.
 */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

export interface FolderLock {
  release(): void;
}

/** Another process, or another part of this one, holds the folder. */
export class FolderTaken extends Error {
  override readonly name = 'FolderTaken';
}

/**
 * SQLite takes an exclusive lock in steps. Of two that start in the same instant each may stand on one step in the
 * other's way, and both would be refused: one then steps back, and the other waits for that. It takes microseconds; the
 * rest is for a process that the machine leaves waiting. Who meets a holder learns it this much later.
 */
export const LOCK_WAIT_MS = 2_000;

/** Holds `folder` for this process, or throws `FolderTaken` within `LOCK_WAIT_MS`. */
export function lockFolder(folder: string): FolderLock {
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: LOCK_WAIT_MS });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new FolderTaken(
      `${folder} is in use by another process; stop that one first, or name another folder`,
      {
        cause,
      },
    );
  }
  return { release: () => database.close() };
}
