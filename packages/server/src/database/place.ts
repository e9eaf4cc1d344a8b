import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { StartError } from '../start-error.ts';
import { explainFolderError } from './folder-errors.ts';
import { canEnter, chooseIdentity, type Identity } from './identity.ts';
import { isRecord } from './is-record.ts';
import { chooseSocketFolder } from './socket-folder.ts';
import { writeDurably } from './write-durably.ts';

/** Where the parts of one embedded PostgreSQL lie, and who runs it. */
export interface Place {
  /** The data folder, absolute and without links. */
  readonly folder: string;
  /** The folder of everything below but the log; the starter's, never the identity's. */
  readonly root: string;
  readonly cluster: string;
  readonly libraries: string;
  readonly socket: string;
  readonly log: string;
  /** Shown by `ps` in front of every PostgreSQL process of this place, and how strays are recognised. */
  readonly name: string;
  readonly identity: Identity;
}

const pointerName = 'postgres-location.json';
const relocatedParent = '/var/lib/counterfoil';

/**
 * Decides where the cluster of a data folder lives. Normally that is `<folder>/postgres`. As root, with a data
 * folder that the unprivileged user cannot enter, it is `/var/lib/counterfoil/<hash>`; a pointer file in the
 * data folder says so, and the data folder keeps its mode.
 *
 * Creates the data folder (0700) and the root of the place where they are absent.
 */
export function openPlace(folderAsGiven: string): Place {
  const folder = openFolder(folderAsGiven);
  const root = findRoot(folder);
  const identity = chooseIdentity(join(root, 'cluster'));
  if (dirname(root) === relocatedParent) mkdirSync(relocatedParent, { recursive: true, mode: 0o755 });
  if (!existsSync(root)) {
    mkdirSync(root, { mode: 0o700 });
    // Entering is not listing: the identity must reach its cluster, and others learn nothing.
    if (identity !== undefined) chmodSync(root, 0o711);
  }
  refuseForeign(join(root, 'cluster'), identity);
  // By number and not by path: a folder keeps its name when it is moved while an orphan runs, and a copy gets another.
  const { dev, ino } = statSync(root, { bigint: true });
  const name = `counterfoil-${shortHash(`${dev}:${ino}`)}`;
  return {
    folder,
    root,
    cluster: join(root, 'cluster'),
    libraries: join(root, 'lib'),
    socket: chooseSocketFolder(root, name),
    log: join(folder, 'postgres.log'),
    name,
    identity,
  };
}

/** Writes down that the cluster lies elsewhere, so that the next start finds it wherever the folder is moved. */
export function recordPlace(place: Place): void {
  if (dirname(place.root) !== relocatedParent) return;
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

function findRoot(folder: string): string {
  const pointed = readPointer(folder);
  if (pointed !== undefined) {
    if (!existsSync(join(pointed, 'cluster'))) throw missing(folder, pointed);
    return pointed;
  }
  const own = join(folder, 'postgres');
  const identity = chooseIdentity(join(own, 'cluster'));
  if (identity === undefined || canEnter(identity, folder)) return own;
  if (existsSync(join(own, 'cluster'))) throw unreachable(folder, identity.uid);
  // The birth is part of it, so that a folder deleted and made anew does not find the database of the old one.
  const { dev, ino, birthtimeNs } = statSync(folder, { bigint: true });
  return join(relocatedParent, shortHash(`${dev}:${ino}:${birthtimeNs}`));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
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
  throw new StartError('data-folder-unusable', [
    `${path} does not name a folder below ${relocatedParent}.`,
    'Nothing was started and no order was sent.',
    'Restore the file from a backup.',
  ]);
}

function refuseForeign(cluster: string, identity: Identity): void {
  if (identity !== undefined || !existsSync(cluster) || statSync(cluster).uid === process.getuid?.()) return;
  throw new StartError('data-folder-foreign', [
    `The database in ${cluster} belongs to another user of this machine.`,
    'Nothing was started and no order was sent.',
    'Start Counterfoil as the user that created it, or as root.',
  ]);
}

function missing(folder: string, root: string): StartError {
  return new StartError('database-missing', [
    `The data folder ${folder} says that its database lies in ${root}, and it is not there.`,
    'Nothing was started, no order was sent and no empty database was made in its place.',
    `Restore ${root} from a backup.`,
  ]);
}

function unreachable(folder: string, uid: number): StartError {
  return new StartError('data-folder-unreachable', [
    `The database in ${folder} belongs to the user with uid ${uid}, who cannot enter that folder`,
    '(PostgreSQL refuses to run as root).',
    'Nothing was started and no order was sent.',
    'Move the data folder to where that user can enter it.',
  ]);
}
