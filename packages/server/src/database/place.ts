import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { StartError } from '../start-error.ts';
import { explainFolderError } from './folder-errors.ts';
import { canEnter, chooseIdentity, type Identity } from './identity.ts';
import { isRecord } from './is-record.ts';
import { writeDurably } from './write-durably.ts';

/** Where the parts of one embedded PostgreSQL lie, and who runs it. */
export interface Place {
  /** The data folder, absolute and without links. */
  readonly folder: string;
  /** The folder of everything below; ours, never the identity's. */
  readonly root: string;
  readonly cluster: string;
  readonly libraries: string;
  readonly socket: string;
  readonly log: string;
  /** Shown by `ps` in front of every PostgreSQL process of this folder, and how strays are recognised. */
  readonly name: string;
  readonly identity: Identity;
  readonly relocated: boolean;
}

const pointerName = 'postgres-location.json';
const relocatedParent = '/var/lib/counterfoil';
// sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS, with a closing zero.
const socketPathBytesMax = process.platform === 'darwin' ? 103 : 107;
const socketFile = '.s.PGSQL.5432';

/**
 * Decides where the cluster of a data folder lives. Normally that is `<folder>/postgres`. As root, with a data
 * folder that the unprivileged user cannot enter, it is `/var/lib/counterfoil/<hash>`; a pointer file in the
 * data folder says so, and the data folder keeps its mode.
 *
 * Creates the data folder (0700) if it is absent, and nothing else.
 */
export function findPlace(folderAsGiven: string): Place {
  const folder = openFolder(folderAsGiven);
  const hash = hashOf(folder);
  const pointed = readPointer(folder);
  const own = join(folder, 'postgres');
  const root = pointed ?? own;
  const identity = chooseIdentity(join(root, 'cluster'));
  if (pointed !== undefined && !existsSync(join(pointed, 'cluster'))) throw missing(folder, pointed);
  if (pointed !== undefined || identity === undefined) return placeAt(folder, root, hash, identity);
  if (canEnter(identity, folder)) return placeAt(folder, own, hash, identity);
  if (existsSync(join(own, 'cluster'))) throw unreachable(folder, identity.uid);
  const relocated = join(relocatedParent, hash);
  return placeAt(folder, relocated, hash, chooseIdentity(join(relocated, 'cluster')));
}

/** Creates the folders of a place. Only the cluster and the socket belong to the identity. */
export function preparePlace(place: Place): void {
  if (place.relocated) mkdirSync(relocatedParent, { recursive: true, mode: 0o755 });
  if (!existsSync(place.root)) {
    mkdirSync(place.root, { mode: 0o700 });
    // Entering is not reading: the identity must reach its cluster, and others find nothing to list.
    if (place.identity !== undefined) chmodSync(place.root, 0o711);
  }
  makeSocketFolder(place.socket, place.identity);
}

/** Writes down that the cluster lies elsewhere, so that the next start finds it wherever the folder is moved. */
export function recordPlace(place: Place): void {
  if (place.relocated)
    writeDurably(join(place.folder, pointerName), `${JSON.stringify({ root: place.root })}\n`);
}

function openFolder(folder: string): string {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(folder);
  } catch (cause) {
    throw explainFolderError(cause, folder);
  }
}

/**
 * Names a data folder by path and by birth: after `rm -r` and a new start under the same path the old cluster
 * is not taken for the new folder's own.
 */
function hashOf(folder: string): string {
  const { dev, ino, birthtimeNs } = statSync(folder, { bigint: true });
  return createHash('sha256').update(`${folder}\0${dev}:${ino}:${birthtimeNs}`).digest('hex').slice(0, 16);
}

function readPointer(folder: string): string | undefined {
  const path = join(folder, pointerName);
  if (!existsSync(path)) return undefined;
  try {
    const pointer: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (
      isRecord(pointer) &&
      typeof pointer['root'] === 'string' &&
      dirname(pointer['root']) === relocatedParent
    ) {
      return pointer['root'];
    }
  } catch (cause) {
    throw explainFolderError(cause, folder);
  }
  throw new StartError(
    'data-folder-unusable',
    `${path} does not name a folder below ${relocatedParent}. Nothing was started and no order was sent. Restore the file from a backup.`,
  );
}

function placeAt(folder: string, root: string, hash: string, identity: Identity): Place {
  const cluster = join(root, 'cluster');
  if (identity === undefined && existsSync(cluster) && statSync(cluster).uid !== process.getuid?.()) {
    throw new StartError(
      'data-folder-foreign',
      `The database in ${cluster} belongs to another user of this machine. Nothing was started and no order was sent. Start Counterfoil as the user that created it, or as root.`,
    );
  }
  return {
    folder,
    root,
    cluster,
    libraries: join(root, 'lib'),
    socket: socketFolder(root, hash),
    log: join(folder, 'postgres.log'),
    name: `counterfoil-${hash}`,
    identity,
    relocated: dirname(root) === relocatedParent,
  };
}

/** The socket's folder: beside the cluster if the path fits into an address, else in the first temporary folder that fits. */
function socketFolder(root: string, hash: string): string {
  const candidates = [
    join(root, 'socket'),
    join(tmpdir(), `counterfoil-${hash}`),
    join('/tmp', `counterfoil-${hash}`),
  ];
  const fitting = candidates.find((path) => Buffer.byteLength(join(path, socketFile)) <= socketPathBytesMax);
  if (fitting === undefined) throw new Error('the path /tmp/counterfoil-<16 digits> always fits');
  return fitting;
}

/**
 * Makes the socket's folder, or accepts one that is exactly what it would have made. In a temporary folder
 * somebody else may have been there first: a link, another owner or a wider mode is refused, never repaired,
 * because whoever reaches the socket is let in.
 */
function makeSocketFolder(path: string, identity: Identity): void {
  const uid = identity?.uid ?? process.getuid?.();
  if (!existsSync(path)) {
    mkdirSync(path, { mode: 0o700 });
    if (identity !== undefined) chownSync(path, identity.uid, identity.gid);
    return;
  }
  const found = lstatSync(path);
  if (found.isDirectory() && found.uid === uid && (found.mode & 0o777) === 0o700) return;
  throw new StartError(
    'data-folder-unusable',
    `${path} exists with another owner or mode than Counterfoil gives it, so somebody else could reach the database through it. Nothing was started and no order was sent. Find out who made it, remove it, and start again.`,
  );
}

function missing(folder: string, root: string): StartError {
  return new StartError(
    'database-missing',
    `The data folder ${folder} says that its database lies in ${root}, and it is not there. Nothing was started, no order was sent and no empty database was made in its place. Restore ${root} from a backup.`,
  );
}

function unreachable(folder: string, uid: number): StartError {
  return new StartError(
    'data-folder-unreachable',
    `The database in ${folder} belongs to the user with uid ${uid}, who cannot enter that folder (PostgreSQL refuses to run as root). Nothing was started and no order was sent. Move the data folder to where that user can enter it.`,
  );
}
