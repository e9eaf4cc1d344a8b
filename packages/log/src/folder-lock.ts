/**
 * One writer per folder. Node has no file locks of its own; SQLite's are real ones that the system drops when the
 * process dies, however it dies, so a crash leaves no lock behind and a live writer cannot be mistaken for a dead one.
 */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';

export interface FolderLock {
  release(): void;
}

/** Throws where another process, or another part of this one, holds the folder. */
export function lockFolder(folder: string): FolderLock {
  const database = new DatabaseSync(join(folder, 'lock'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw error;
  }
  return { release: () => database.close() };
}
