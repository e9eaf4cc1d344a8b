/** Copies a folder's files, each durable and with its hash, so that a copy can be compared byte for byte. */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  readdirSync,
  statSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

const CHUNK_BYTES = 1024 * 1024;

/** Plain files below `root`, and empty folders with a slash at their end: PostgreSQL misses those. */
export function filesOf(root: string): readonly string[] {
  const found: string[] = [];
  const look = (folder: string): void => {
    const entries = readdirSync(folder, { withFileTypes: true });
    if (entries.length === 0) found.push(`${relative(root, folder)}/`);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) look(path);
      else if (entry.isFile()) found.push(relative(root, path));
    }
  };
  look(root);
  return found.toSorted();
}

/** Copies these files of `from` into `to`, for this user's eyes alone. */
export function copyFiles(files: readonly string[], from: string, to: string): void {
  for (const file of files) {
    const target = join(to, file);
    mkdirSync(file.endsWith('/') ? target : dirname(target), { recursive: true, mode: 0o700 });
    if (file.endsWith('/')) continue;
    copyFileSync(join(from, file), target);
    chmodSync(target, 0o600);
    const opened = openSync(target, 'r+');
    fsyncSync(opened);
    closeSync(opened);
  }
}

/** SHA-256 in hex of a file; of an empty folder, that of nothing. */
export function hashFile(path: string): string {
  const hash = createHash('sha256');
  if (statSync(path).isDirectory()) return hash.digest('hex');
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const opened = openSync(path, 'r');
  try {
    for (;;) {
      const count = readSync(opened, chunk, 0, chunk.length, null);
      if (count === 0) return hash.digest('hex');
      hash.update(chunk.subarray(0, count));
    }
  } finally {
    closeSync(opened);
  }
}
