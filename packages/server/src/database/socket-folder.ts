import { chownSync, existsSync, lstatSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartError } from '../start-error.ts';
import type { Identity } from './identity.ts';

/** The name that PostgreSQL gives its socket on the default port. */
export const socketFile = '.s.PGSQL.5432';

// sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS, with a closing zero.
const socketPathBytesMax = process.platform === 'darwin' ? 103 : 107;

/** The folder of the socket: in `root` if the path fits into an address, else the first temporary one that does. */
export function chooseSocketFolder(root: string, name: string): string {
  const candidates = [join(root, 'socket'), join(tmpdir(), name), join('/tmp', name)];
  const fitting = candidates.find((path) => Buffer.byteLength(join(path, socketFile)) <= socketPathBytesMax);
  if (fitting === undefined) throw new Error('the path /tmp/counterfoil-<16 digits> always fits');
  return fitting;
}

/**
 * Makes the socket's folder, or accepts one that is exactly what it would have made. In a temporary folder
 * somebody else may have been there first: a link, another owner or a wider mode is refused, never repaired,
 * because whoever reaches the socket is let in.
 */
export function makeSocketFolder(path: string, identity: Identity): void {
  const uid = identity?.uid ?? process.getuid?.();
  if (!existsSync(path)) {
    mkdirSync(path, { mode: 0o700 });
    if (identity !== undefined) chownSync(path, identity.uid, identity.gid);
    return;
  }
  const found = lstatSync(path);
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o777) === 0o700) return;
  throw new StartError('data-folder-unusable', [
    `${path} exists with another owner or mode than Counterfoil gives it, so somebody else could reach`,
    'the database through it.',
    'Nothing was started and no order was sent.',
    'Find out who made it, remove it, and start again.',
  ]);
}
