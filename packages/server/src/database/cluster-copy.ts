/** The embedded database as files, for a backup of an installation that is stopped. */
import { chownSync, existsSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import { openPlace, recordPlace } from './place.ts';

/** The stopped cluster of a data folder; null where there is none, because `DATABASE_URL` names a server. */
export function stoppedCluster(folder: string): string | null {
  const { cluster, root } = openPlace(folder);
  if (!existsSync(cluster)) {
    // Opening has made the place; nobody would know of an empty one.
    if (readdirSync(root).length === 0) rmdirSync(root);
    return null;
  }
  if (!existsSync(join(cluster, 'postmaster.pid'))) return cluster;
  throw new StartError('already-running', [
    `The database in ${cluster} runs, or was not stopped in order.`,
    'Nothing was copied.',
    'Start Counterfoil, stop it with Ctrl-C, and try again.',
  ]);
}

/** Where a cluster that `fill` puts there will be found by the next start, and owned by whoever runs it. */
export function putClusterBack(folder: string, fill: (cluster: string) => void): void {
  const place = openPlace(folder);
  fill(place.cluster);
  if (place.identity !== undefined) chownTree(place.cluster, place.identity);
  recordPlace(place);
}

function chownTree(path: string, owner: { readonly uid: number; readonly gid: number }): void {
  chownSync(path, owner.uid, owner.gid);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) chownTree(join(path, name), owner);
}
