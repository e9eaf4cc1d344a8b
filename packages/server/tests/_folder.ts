import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { atEnd } from './_at-end.ts';

/** Whether the tests run as root; then PostgreSQL runs as somebody else, and mounts are possible. */
export const isRoot = process.getuid?.() === 0;

/** A temporary folder that PostgreSQL's user may pass through, so that the cluster stays inside it. */
export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'counterfoil-test-')));
  chmodSync(folder, 0o755);
  return folder;
}

/** A temporary folder that goes when the test ends, with the databases that data folders in it have elsewhere. */
export function temporaryFolder(t: TestContext): string {
  const folder = makeFolder();
  atEnd(t, () => removeFolder(folder, join(folder, 'data')));
  return folder;
}

/** Removes a folder, and the database that a data folder in it has elsewhere. */
export function removeFolder(folder: string, dataFolder = folder): void {
  const root = relocatedRoot(dataFolder);
  if (root !== undefined) rmSync(root, { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}

/** Where the pointer file of a data folder says that its database lies, if there is one. */
export function relocatedRoot(dataFolder: string): string | undefined {
  try {
    return /"root":"(\/var\/lib\/counterfoil\/[0-9a-f]{16})"/.exec(
      readFileSync(join(dataFolder, 'postgres-location.json'), 'utf8'),
    )?.[1];
  } catch {
    return undefined;
  }
}
