import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { noSpace } from './folder-errors.ts';
import type { Place } from './place.ts';
import { runInitdb, type Programs } from './programs.ts';
import { syncFolder } from './write-durably.ts';

/** The database role of the product; the private socket is what keeps others out. */
export const clusterUser = 'counterfoil';

/** How the folders begin in which clusters grow. */
export const partialPrefix = 'cluster.partial-';

/**
 * Creates the cluster of a place where there is none. It grows in a sibling folder and gets its name when it
 * is complete and on disk, so a start that is killed half-way leaves nothing that looks like a database.
 */
export async function createCluster(programs: Programs): Promise<void> {
  const { place } = programs;
  await removePartial(place);
  if (existsSync(place.cluster)) return;
  // A new name each time: an initdb that outlived its killed starter cannot write into this one.
  const partial = mkdtempSync(join(place.root, partialPrefix));
  if (place.identity !== undefined) chownSync(partial, place.identity.uid, place.identity.gid);
  try {
    // The C locale keeps text indexes valid under every later ICU and glibc. Segments of 4 MB halve an empty cluster.
    await initdb(programs, [
      `--pgdata=${partial}`,
      `--username=${clusterUser}`,
      '--auth=trust',
      '--locale=C',
      '--encoding=UTF8',
      '--wal-segsize=4',
      '--no-sync',
    ]);
    await initdb(programs, [`--pgdata=${partial}`, '--sync-only']);
    renameSync(partial, place.cluster);
    syncFolder(place.root);
  } finally {
    await removePartial(place);
  }
}

async function removePartial(place: Place): Promise<void> {
  for (const entry of readdirSync(place.root)) {
    if (!entry.startsWith(partialPrefix)) continue;
    // The child of an initdb that was killed writes on until it notices.
    await rm(join(place.root, entry), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

/** Refuses a cluster that was made by another major version of PostgreSQL than the one at hand. */
export function checkClusterVersion(place: Place, programs: Programs): void {
  const made = Number(readFileSync(join(place.cluster, 'PG_VERSION'), 'utf8'));
  const ours = Number.parseInt(programs.native.version, 10);
  if (made === ours) return;
  if (made > ours) {
    throw new StartError('data-folder-newer', [
      `The data folder ${place.folder} was made by PostgreSQL ${made}, and this version of Counterfoil`,
      `carries ${ours}.`,
      'Nothing was started and nothing was changed.',
      'Start the newer Counterfoil again.',
    ]);
  }
  throw new StartError('data-folder-older', [
    `The data folder ${place.folder} was made by PostgreSQL ${made}, and this version of Counterfoil`,
    `carries ${ours}, which cannot read it.`,
    'Nothing was started and nothing was changed.',
    'Start the older Counterfoil again.',
  ]);
}

async function initdb(programs: Programs, args: readonly string[]): Promise<void> {
  const { ok, output } = await runInitdb(programs, args);
  if (ok) return;
  if (isNoSpace(output)) throw noSpace(programs.place.folder);
  throw new StartError('postgres-start-failed', [
    `PostgreSQL could not create a database in ${programs.place.root}: ${lastLine(output)}`,
    'Nothing was started and nothing is left behind.',
    'Correct that and start again, or set DATABASE_URL.',
  ]);
}

/** Whether PostgreSQL's output speaks of a full disk (`strerror` of ENOSPC and EDQUOT; the C locale is set). */
export function isNoSpace(output: string): boolean {
  return /No space left on device|Disk quota exceeded/.test(output);
}

/** The line of PostgreSQL's output that says most: its last error, else its last line. */
export function lastLine(output: string): string {
  const lines = output.trim().split('\n');
  const line = lines.findLast((each) => /error|FATAL|PANIC/.test(each)) ?? lines.at(-1) ?? '';
  // What log_line_prefix puts in front is for the log, not for a sentence.
  const plain = line.replace(/^\S+ \S+ UTC \[\d+\] /, '').replace(/\.$/, '');
  return plain === '' ? 'it said nothing.' : `${plain}.`;
}
