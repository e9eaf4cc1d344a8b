/**
 * A backup of a whole installation that is stopped: its folders file by file, the store as the ciphertext that it is,
 * and the key that opens it sealed under a recovery code. The key files themselves are left out, so exchange secrets
 * can be had from a backup by the code alone. A restored installation starts frozen.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { putClusterBack, stoppedCluster, StartError } from '@counterfoil/server';
import { copyFiles, filesOf, hashFile } from './copied-tree.ts';
import { nameRestored, openDataFolder, writeWhole } from './data-folder.ts';
import { keepKey, KEY_FILES, type StoreKey } from './store-key.ts';
import { codeBytes, newCode, unwrapKey, type Wrap, wrapKey } from './under-words.ts';

const FORM = 1;
const MANIFEST = 'backup.json';
/** What an installation keeps besides its database; `run` is made anew at every start. */
const PARTS = ['vault', 'log', 'paper', 'demo'] as const;
const INSTALLATION = 'installation.json';
const CLUSTER = 'cluster';

interface Manifest {
  readonly form: number;
  readonly recovery: Wrap;
  readonly storeKey: StoreKey['kind'];
  /** SHA-256 of every file, by its path in the backup. */
  readonly files: Readonly<Record<string, string>>;
}

export interface BackedUp {
  /** Shown once; nobody keeps it. */
  readonly code: string;
  /** False where `DATABASE_URL` names a server: whoever runs that backs it up. */
  readonly hasDatabase: boolean;
}

/** Copies the stopped installation of `home` into the new folder `into`. Throws `StartError`, and leaves nothing. */
export async function backUp(home: string, into: string, storeKey: StoreKey): Promise<BackedUp> {
  const { database } = openDataFolder(home);
  if (existsSync(into)) throw refused(`${into} is there already.`, 'Name a new folder.');
  const cluster = stoppedCluster(database);
  mkdirSync(into, { recursive: true, mode: 0o700 });
  try {
    copyFiles([INSTALLATION], home, into);
    for (const part of PARTS) copyFiles(wanted(join(home, part), part), home, into);
    if (cluster !== null) copyFiles(filesOf(cluster), cluster, join(into, CLUSTER));
    const code = newCode();
    const key = storeKey.take();
    const recovery = await wrapKey(Buffer.from(code), key);
    key.fill(0);
    const files = Object.fromEntries(filesOf(into).map((file) => [file, hashFile(join(into, file))]));
    const manifest: Manifest = { form: FORM, recovery, storeKey: storeKey.kind, files };
    writeWhole(join(into, MANIFEST), `${JSON.stringify(manifest, null, 1)}\n`);
    return { code, hasDatabase: cluster !== null };
  } catch (error) {
    rmSync(into, { recursive: true, force: true });
    throw error;
  }
}

/** What lies beside the store but opens it stays where it is. */
function wanted(folder: string, part: string): readonly string[] {
  return filesOf(folder)
    .map((file) => `${part}/${file}`)
    .filter((file) => !KEY_FILES.some((name) => file === `vault/${name}`));
}

/**
 * Makes an installation in the new or empty folder `home` from a backup that is whole. Throws `StartError`, and leaves
 * nothing. `typed` is the recovery code and is filled with zeros.
 */
export async function restore(from: string, home: string, typed: Uint8Array): Promise<StoreKey['kind']> {
  const manifest = readManifest(from);
  if (existsSync(home) && readdirSync(home).length > 0)
    throw refused(`${home} is not empty.`, 'Name a new folder with --home.');
  const words = codeBytes(typed);
  typed.fill(0);
  const key = await unwrapKey(words, manifest.recovery);
  if (key === null) throw refused('The recovery code is another one.', 'Look for the one of this backup.');
  try {
    const files = Object.keys(manifest.files);
    copyFiles(
      files.filter((file) => !file.startsWith(`${CLUSTER}/`)),
      from,
      home,
    );
    const { vault, database } = openDataFolder(home);
    if (existsSync(join(from, CLUSTER))) {
      const cluster = join(from, CLUSTER);
      putClusterBack(database, (to) => copyFiles(filesOf(cluster), cluster, to));
    }
    // Named before there is a key: what can be opened starts frozen.
    nameRestored(vault);
    return keepKey(vault, manifest.storeKey, key, manifest.recovery);
  } catch (error) {
    rmSync(home, { recursive: true, force: true });
    throw error;
  } finally {
    key.fill(0);
    words.fill(0);
  }
}

/** Refuses a backup of which a byte changed, a file is gone or one has come. */
function readManifest(from: string): Manifest {
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(readFileSync(join(from, MANIFEST), 'utf8')) as Partial<Manifest>;
  } catch (cause) {
    throw refused(`${from} is no whole backup of Counterfoil.`, 'Name the folder of one.', cause);
  }
  const { form, recovery, storeKey, files } = manifest;
  if (form !== FORM || recovery === undefined || storeKey === undefined || files === undefined)
    throw refused(`${from} was written by another version.`, 'Restore it with the version that made it.');
  const found = filesOf(from).filter((file) => file !== MANIFEST);
  const differing = [...new Set([...found, ...Object.keys(files)])].find(
    (file) => !existsSync(join(from, file)) || hashFile(join(from, file)) !== files[file],
  );
  if (differing !== undefined)
    throw refused(`${differing} in ${from} is not what was backed up.`, 'Use another copy of the backup.');
  return { form, recovery, storeKey, files };
}

/** Refuses a `home` in which there is nothing to back up. */
export function refuseNothing(home: string): void {
  if (!existsSync(join(home, INSTALLATION)) || !statSync(home).isDirectory())
    throw refused(`There is no installation in ${home}.`, 'Name its folder with --home.');
}

function refused(what: string, todo: string, cause?: unknown): StartError {
  return new StartError('backup-refused', [what, 'Nothing was written.', todo], { cause });
}
