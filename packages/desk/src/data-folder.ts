/** The data folder: where an installation keeps everything that is its own. One desk at a time works in it. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '@counterfoil/server';

/** Form of the folder; a product that does not know it leaves the folder alone. */
const FORM = 1;

export interface DataFolder {
  readonly root: string;
  readonly vaultId: string;
  /** Sockets and the access token: made anew at every start. */
  readonly run: string;
  /** Where local programs reach the vault. */
  readonly switchSocket: string;
  readonly vault: string;
  readonly log: string;
  readonly paper: string;
  readonly database: string;
  readonly demo: string;
  /** Recorded candles, put there by `counterfoil data`. */
  readonly market: string;
}

interface Installation {
  readonly form: number;
  readonly vaultId: string;
}

/** Opens or makes the folder. Throws `StartError`, and then nothing half-made is left behind. */
export function openDataFolder(root: string): DataFolder {
  refuseLongPath(root);
  const isNew = !existsSync(root);
  try {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    const { vaultId } = readInstallation(root) ?? makeInstallation(root);
    const sub = (name: string): string => {
      const path = join(root, name);
      mkdirSync(path, { recursive: true, mode: 0o700 });
      return path;
    };
    return {
      root,
      vaultId,
      run: sub('run'),
      switchSocket: switchSocketIn(root),
      vault: sub('vault'),
      log: sub('log'),
      paper: sub('paper'),
      database: sub('database'),
      demo: sub('demo'),
      market: sub('market'),
    };
  } catch (error) {
    if (isNew) rmSync(root, { recursive: true, force: true });
    throw error instanceof StartError ? error : explain(error, root);
  }
}

/** `sun_path` of a Unix socket has 108 bytes on Linux and 104 on macOS, the last one a zero. */
const SOCKET_PATH_BYTES_MAX = 103;

const switchSocketIn = (root: string): string => join(root, 'run', 'vault.sock');

/** The programs meet at sockets inside the folder, so its own path cannot be as long as the disk allows. */
function refuseLongPath(root: string): void {
  const bytes = Buffer.byteLength(switchSocketIn(root));
  if (bytes <= SOCKET_PATH_BYTES_MAX) return;
  throw new StartError(
    'data-folder-unusable',
    `The path of the data folder ${root} is ${bytes - SOCKET_PATH_BYTES_MAX} bytes too long for the sockets in it. Nothing was started and no order was sent. Name a shorter folder with COUNTERFOIL_HOME or --home.`,
  );
}

function readInstallation(root: string): Installation | null {
  const path = join(root, 'installation.json');
  if (!existsSync(path)) return null;
  let found: Partial<Installation>;
  try {
    found = JSON.parse(readFileSync(path, 'utf8')) as Partial<Installation>;
  } catch (cause) {
    throw new StartError(
      'data-folder-unusable',
      `${path} is damaged. Nothing was started and no order was sent. Restore the data folder from a backup.`,
      { cause },
    );
  }
  const { form, vaultId } = found;
  if (typeof form === 'number' && form > FORM) {
    throw new StartError(
      'data-folder-newer',
      `The data folder ${root} was written by a newer Counterfoil (form ${form}, this one knows ${FORM}). Nothing was started or changed. Start the newer version, or name another folder with COUNTERFOIL_HOME.`,
    );
  }
  if (form !== FORM || typeof vaultId !== 'string' || !/^[0-9a-f]{16}$/.test(vaultId)) {
    throw new StartError(
      'data-folder-foreign',
      `${path} does not belong to Counterfoil. Nothing was started or changed. Name another folder with COUNTERFOIL_HOME.`,
    );
  }
  return { form, vaultId };
}

function makeInstallation(root: string): Installation {
  const installation: Installation = { form: FORM, vaultId: randomBytes(8).toString('hex') };
  writeWhole(join(root, 'installation.json'), `${JSON.stringify(installation)}\n`);
  return installation;
}

const RESTORED = 'restored';

/** The name of the time that this folder was restored from a backup: its vault freezes once for each. Null if never. */
export function restoredAs(vault: string): Buffer | null {
  const path = join(vault, RESTORED);
  return existsSync(path) ? Buffer.from(readFileSync(path, 'utf8').trim(), 'hex') : null;
}

export function nameRestored(vault: string): void {
  writeWhole(join(vault, RESTORED), `${randomBytes(16).toString('hex')}\n`);
}

/** Writes a private file whole or not at all. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const partial = `${path}.partial`;
  writeFileSync(partial, content, { mode: 0o600, flush: true });
  renameSync(partial, path);
}

function explain(cause: unknown, root: string): StartError {
  const code = (cause as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new StartError(
      'no-space',
      `No space is left on the disk of ${root}. Nothing was started and no order was sent; what was saved before is intact. Free at least 200 MB there and start again.`,
      { cause },
    );
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new StartError(
      'data-folder-read-only',
      `Counterfoil cannot write its data folder ${root}. Nothing was started and no order was sent. Make it writable for the user that starts Counterfoil, or name another folder with COUNTERFOIL_HOME.`,
      { cause },
    );
  }
  return new StartError(
    'data-folder-unusable',
    `The data folder ${root} cannot be used (${String(cause)}). Nothing was started and no order was sent. Correct that, or name another folder with COUNTERFOIL_HOME.`,
    { cause },
  );
}
