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

/** Holds `folder` for this process. Throws `FolderTaken`. */
export function lockFolder(folder: string): FolderLock {
  const database = new DatabaseSync(join(folder, 'lock'));
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
