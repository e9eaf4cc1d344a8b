/**
 * One writer per folder. Node has no file locks of its own; SQLite's are real ones that the system drops when the
 * process dies, however it dies, so a crash leaves no lock behind and a live writer cannot be mistaken for a dead one.
 */
import { DatabaseSync } from 'node:sqlite';
import { join } from 'node:path';
import { JournalError } from './error.ts';

export interface FolderLock {
  release(): void;
}

export function lockFolder(folder: string): FolderLock {
  const database = new DatabaseSync(join(folder, 'lock'));
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
    throw new JournalError(
      'already-running',
      `another process writes the journal in ${folder}; stop it first`,
      { cause },
    );
  }
  return { release: () => database.close() };
}
