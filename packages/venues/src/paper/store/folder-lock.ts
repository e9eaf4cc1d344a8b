import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const LOCK = 'paper.lock';

/**
 * Keeps a second exchange off the folder: two that write one journal would both acknowledge orders that one of
 * them forgets. The lock of a process that no longer lives is taken over. Returns how to release it.
 */
export function lockFolder(folder: string): () => void {
  const path = join(folder, LOCK);
  const holder = holderOf(path);
  if (holder !== null && holder !== process.pid && isAlive(holder)) {
    throw new Error(
      `${folder} is in use by process ${holder}. Stop that paper exchange first, or give this one a folder of its own. ` +
        `If process ${holder} is something else, delete ${path} and start again.`,
    );
  }
  rmSync(path, { force: true });
  // Exclusive, so that of two that start at once only one gets it.
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, String(process.pid));
  closeSync(file);
  return () => rmSync(path, { force: true });
}

function holderOf(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process lives too.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
