import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { systemCode } from './folder-errors.ts';

// Weeks of a quiet database, and small enough to attach to a report; one older part is kept as `postgres.log.1`.
const logBytesMax = 4 * 1024 * 1024;
const checkEveryMs = 10_000;
const tailBytesMax = 8 * 1024;

/** Opens PostgreSQL's log for appending, for its owner alone. The caller closes the descriptor after the spawn. */
export function openPostgresLog(path: string): number {
  shorten(path, logBytesMax);
  return openSync(path, 'a', 0o600);
}

/**
 * Keeps the log bounded while PostgreSQL appends to it, and returns the function that stops that.
 *
 * PostgreSQL writes to the file itself rather than to a pipe of ours: a full pipe would stop the database
 * whenever this process is busy, and a broken one would silence it after this process is killed.
 */
export function keepBounded(path: string, bytesMax = logBytesMax, everyMs = checkEveryMs): () => void {
  const timer = setInterval(() => shorten(path, bytesMax), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** What was appended since the file had `fromByte` bytes, at most the last 8 KiB of it. */
export function readSince(path: string, fromByte: number): string {
  const size = logSize(path);
  const start = Math.max(size < fromByte ? 0 : fromByte, size - tailBytesMax);
  const bytes = Buffer.alloc(Math.max(0, size - start));
  if (bytes.length === 0) return '';
  const file = openSync(path, 'r');
  try {
    return bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, start));
  } finally {
    closeSync(file);
  }
}

/** The size of the log in bytes; 0 where there is none. */
export function logSize(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

// The file is open for appending elsewhere, so it is copied and cut instead of renamed.
function shorten(path: string, bytesMax: number): void {
  try {
    if (logSize(path) <= bytesMax) return;
    rmSync(`${path}.1`, { force: true });
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
  } catch (error) {
    // A full or read-only disk must not end the process over its log; the next check tries again.
    if (systemCode(error) === '') throw error;
  }
}
