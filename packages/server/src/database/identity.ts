import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { StartError } from '../start-error.ts';

/** The user that PostgreSQL runs as. `undefined` stands for the user that runs this process. */
export type Identity = { readonly uid: number; readonly gid: number } | undefined;

// PostgreSQL refuses uid 0, and initdb needs a uid that has a passwd entry; these two exist nearly everywhere.
const unprivilegedNames = ['postgres', 'nobody'];

/**
 * Decides who runs PostgreSQL. An ordinary user does it alone. Root hands it to the owner of an existing
 * cluster, and otherwise to `postgres` or `nobody`.
 */
export function chooseIdentity(cluster: string): Identity {
  if (process.getuid?.() !== 0) return undefined;
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster);
    if (uid !== 0) return { uid, gid };
  }
  for (const name of unprivilegedNames) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new StartError('no-unprivileged-user', [
    'PostgreSQL refuses to run as root, and this machine has neither a user "postgres" nor a user',
    '"nobody".',
    'Nothing was started.',
    'Start Counterfoil as an ordinary user, or set DATABASE_URL.',
  ]);
}

/** Asks the kernel, by trying, whether the identity can enter a folder; modes alone miss ACLs and mounts. */
export function canEnter(identity: Identity, folder: string): boolean {
  const { status } = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], {
    ...identity,
    cwd: '/',
    stdio: 'ignore',
  });
  return status === 0;
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
  const id = Number(stdout.trim());
  return status === 0 && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
