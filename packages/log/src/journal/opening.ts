/** Opening a journal's files: the lock, the replay, and the reasons not to go on. */
import { join } from 'node:path';
import { type FolderLock, lockFolder } from '@counterfoil/wire/folder-lock';
import { controlField, decodeControlLeaf, encodeControlLeaf } from '../library/control-leaf.ts';
import { TreeHasher } from '../library/hashing.ts';
import { equalBytes } from '../library/primitives.ts';
import { Prover } from '../library/prove.ts';
import { formatVerifierKey } from '../library/verifier-key.ts';
import { sha256Into } from '../node.ts';
import type { LogSigner } from '../signer.ts';
import { type Disk, nodeDisk } from './disk.ts';
import { JournalError } from './error.ts';
import { makeLogKey, readLogKey } from './log-key.ts';
import type { GenesisOptions, JournalOptions, KnownElsewhere } from './options.ts';
import { SignedRegister } from './signed-register.ts';
import { TreeFiles } from './tree-files.ts';
import { WAL_SIZES, Wal } from './wal.ts';

/** Tiles and bundles that are written once this many wait. */
const FLUSH_AT = 32;

export interface Opened {
  readonly parts: Parts;
  readonly signer: LogSigner;
}

/** Makes key and genesis leaf where there is no log yet. */
export async function createFiles(folder: string, options: GenesisOptions): Promise<Opened> {
  const disk = options.disk ?? nodeDisk;
  const sizes = options.walSizes ?? WAL_SIZES;
  disk.makeFolder(folder);
  const parts = await openParts(folder, disk, async (walFolder) => {
    // A crash during an earlier creation leaves files, but nothing that was signed.
    if (!Wal.exists(disk, walFolder)) return Wal.create(disk, walFolder, sizes);
    return Wal.open(disk, walFolder, sizes, () => undefined);
  });
  try {
    if (parts.wal.size > 0 || parts.register.last() !== undefined) {
      throw new JournalError(
        'journal-exists',
        `${folder} holds a journal; open it, or choose an empty folder`,
      );
    }
    const signer = await makeLogKey(disk, folder, options.origin);
    const { frame, synced } = parts.wal.write([genesisLeaf(options, signer)]);
    await synced;
    for (const entry of frame.entries) parts.tree.append(entry);
    return { parts, signer };
  } catch (error) {
    closeParts(parts);
    throw error;
  }
}

function genesisLeaf(options: GenesisOptions, signer: LogSigner): Uint8Array {
  return encodeControlLeaf({
    kind: 'genesis',
    fields: [
      ['origin', options.origin],
      ['log-key', formatVerifierKey(signer.key)],
      ['at', new Date(options.clock()).toISOString()],
      ...(options.genesis ?? []),
    ],
  });
}

/** Replays the log, and refuses where anybody knows more or something else of it. */
export async function openFiles(folder: string, options: JournalOptions): Promise<Opened> {
  const disk = options.disk ?? nodeDisk;
  const sizes = options.walSizes ?? WAL_SIZES;
  if (!Wal.exists(disk, join(folder, 'wal'))) {
    throw new JournalError('no-journal', `${folder} holds no journal; check the path`);
  }
  const seen: KnownElsewhere[] = [];
  const parts = await openParts(folder, disk, async (walFolder, tree, register) => {
    const last = register.last();
    if (last !== undefined) seen.push({ ...last, source: 'the last-signed register' });
    return Wal.open(disk, walFolder, sizes, (frame) => {
      for (const entry of frame.entries) tree.append(entry);
      if (tree.pending >= FLUSH_AT) tree.flushReplayed();
    });
  });
  try {
    if (parts.tree.size === 0) {
      throw new JournalError('no-journal', `${folder} was never finished; create the journal again`);
    }
    const signer = signerOfGenesis(disk, folder, parts.tree);
    seen.push(...((await options.known?.(signer.key)) ?? []));
    for (const tree of seen) refuseContradiction(parts, tree);
    parts.tree.flushReplayed();
    return { parts, signer };
  } catch (error) {
    closeParts(parts);
    throw error;
  }
}

/** The files of a journal and what is derived from them, held by one process. */
export interface Parts {
  readonly disk: Disk;
  readonly folder: string;
  readonly lock: FolderLock | undefined;
  readonly hasher: TreeHasher;
  readonly register: SignedRegister;
  readonly tree: TreeFiles;
  readonly wal: Wal;
}

async function openParts(
  folder: string,
  disk: Disk,
  openWal: (walFolder: string, tree: TreeFiles, register: SignedRegister) => Promise<Wal>,
): Promise<Parts> {
  // A disk of a test is not a folder, and has one user.
  const lock = disk === nodeDisk ? takeFolder(folder) : undefined;
  const hasher = new TreeHasher(sha256Into);
  const register = new SignedRegister(disk.open(join(folder, 'signed')));
  disk.syncFolder(folder);
  try {
    const tree = new TreeFiles(disk, join(folder, 'public'), hasher);
    const wal = await openWal(join(folder, 'wal'), tree, register);
    return { disk, folder, lock, hasher, register, tree, wal };
  } catch (error) {
    register.close();
    lock?.release();
    throw error;
  }
}

function takeFolder(folder: string): FolderLock {
  try {
    return lockFolder(folder);
  } catch (cause) {
    throw new JournalError(
      'already-running',
      `another process writes the journal in ${folder}; stop it first`,
      { cause },
    );
  }
}

export function closeParts(parts: Parts): void {
  parts.wal.close();
  parts.register.close();
  parts.lock?.release();
}

function signerOfGenesis(disk: Disk, folder: string, tree: TreeFiles): LogSigner {
  const genesis = decodeControlLeaf(tree.entries(0, 1, 1)[0] ?? new Uint8Array(0));
  const signer = readLogKey(disk, folder, controlField(genesis, 'origin') ?? '');
  if (controlField(genesis, 'log-key') !== formatVerifierKey(signer.key)) {
    throw new JournalError(
      'key-differs',
      'log.key is not the key that the genesis leaf names; restore it from a copy',
    );
  }
  return signer;
}

function refuseContradiction({ hasher, tree }: Parts, seen: KnownElsewhere): void {
  const contradiction = contradictionOf(seen, tree.size, (size) =>
    new Prover(hasher, size, tree.readNode).root(),
  );
  if (contradiction !== undefined) throw contradiction;
}

/** Why a tree that somebody else saw and ours of `size` leaves cannot both be this log. */
export function contradictionOf(
  seen: KnownElsewhere,
  size: number,
  rootAt: (size: number) => Uint8Array,
): JournalError | undefined {
  if (seen.size > size) {
    return new JournalError(
      'rolled-back',
      `${seen.source} knows this log with ${seen.size} leaves, the folder holds ${size}. ` +
        'Signing would make a second log: restore the missing entries, or open a new log that names this one',
    );
  }
  if (equalBytes(rootAt(seen.size), seen.root)) return undefined;
  return new JournalError(
    'forked',
    `${seen.source} knows another tree of ${seen.size} leaves. Signing would make a second log: ` +
      'keep both folders as evidence and open a new log that names this one',
  );
}
