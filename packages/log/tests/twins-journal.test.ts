import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8 } from '@counterfoil/log';
import { type Disk, Journal as TrueJournal, nodeDisk } from '@counterfoil/log/journal';
import { type Attack, type Change, type Library, testEach } from './_twins.ts';

const genesis = { origin: 'journal.example/keyuse', clock: () => 1_767_225_600_000 };

/** What is done to the folder of a journal with three leaves, and how it is then used. */
function attack(
  name: string,
  code: string,
  work: (folder: string, library: Library) => Promise<void>,
  ...guard: Change[]
): Attack {
  const attempt = async (library: Library): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'journal-twin-'));
    try {
      const journal = await TrueJournal.create(join(folder, 'log'), genesis);
      for (const leaf of ['one', 'two', 'three']) await journal.append([utf8(leaf)], 0);
      await journal.close();
      await work(join(folder, 'log'), library);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  return { name, attempt, code, guard };
}

const root = new Uint8Array(32).fill(7);
const opening = 'journal/opening.ts';
const noRegister: Change = [opening, 'if (last !== undefined) seen.push(', 'if (false) seen.push('];

async function openKnowing({ Journal }: Library, folder: string, size: number): Promise<void> {
  const known = () => Promise.resolve([{ size, root, source: 'a mirror' }]);
  await (await Journal.open(folder, { known })).close();
}

/** Files as before a further leaf, while the register remembers that leaf. */
async function rollBack(folder: string): Promise<void> {
  cpSync(join(folder, 'wal'), join(folder, 'yesterday'), { recursive: true });
  const journal = await TrueJournal.open(folder);
  await journal.append([utf8('four')], 0);
  await journal.close();
  cpSync(join(folder, 'yesterday'), join(folder, 'wal'), { recursive: true });
}

/** Spoils the frame of the second leaf, with a whole one behind it. */
function spoil(folder: string): void {
  const [name = ''] = readdirSync(join(folder, 'wal'));
  const path = join(folder, 'wal', name);
  const bytes = readFileSync(path);
  const at = bytes.indexOf('two');
  writeFileSync(path, bytes.fill(0, at, at + 3));
}

async function appendAndClose(journal: TrueJournal): Promise<void> {
  try {
    await journal.append([utf8('the last')], 0);
  } finally {
    await journal.close();
  }
}

/** A disk whose next sync fails once `failing` is set. */
function failingDisk(): { readonly disk: Disk; fail(): void } {
  let failing = false;
  const disk: Disk = {
    ...nodeDisk,
    open: (path) => {
      const file = nodeDisk.open(path);
      return {
        size: () => file.size(),
        read: (at, length) => file.read(at, length),
        write: (bytes, at) => file.write(bytes, at),
        truncate: (size) => file.truncate(size),
        sync: () => file.sync(),
        syncNow: () => {
          if (!failing) return file.syncNow();
          failing = false;
          throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' });
        },
        close: () => file.close(),
      };
    },
  };
  return { disk, fail: () => void (failing = true) };
}

function refusedBy(code: 'ENOSPC' | 'EROFS', on: { readonly write?: true; readonly replace?: true }): Disk {
  const refuse = (): never => {
    throw Object.assign(new Error(`${code}: the device refuses`), { code });
  };
  return {
    ...nodeDisk,
    replace: (path, bytes) => (on.replace === true ? refuse() : nodeDisk.replace(path, bytes)),
    open: (path) => {
      const file = nodeDisk.open(path);
      return {
        size: () => file.size(),
        read: (at, length) => file.read(at, length),
        // Space that is written ahead of use; a frame of these tests fits what is left of it.
        write: (bytes, at) => (on.write === true && bytes.length > 4_096 ? refuse() : file.write(bytes, at)),
        truncate: (size) => file.truncate(size),
        sync: () => file.sync(),
        syncNow: () => file.syncNow(),
        close: () => file.close(),
      };
    },
  };
}

/** Segments of one frame each, so that three leaves and the genesis fill four. */
const walSizes = { segmentBytes: 512, preallocateBytes: 512, syncNowBytes: 4_096 };

/** A journal of four segments without the second. */
async function loseSegment(folder: string): Promise<void> {
  rmSync(folder, { recursive: true });
  const journal = await TrueJournal.create(folder, { ...genesis, walSizes });
  for (const leaf of ['one', 'two', 'three']) await journal.append([utf8(leaf)], 0);
  await journal.close();
  const [, second = ''] = readdirSync(join(folder, 'wal'));
  rmSync(join(folder, 'wal', second));
}

// Groups 1 to 4.
testEach([
  attack(
    'a folder that a mirror knows larger',
    'rolled-back',
    (folder, library) => openKnowing(library, folder, 9),
    [opening, 'if (seen.size > size) {', 'if (seen.size > size) return undefined; if (false) {'],
  ),
  attack(
    'a folder that a mirror knows otherwise',
    'forked',
    (folder, library) => openKnowing(library, folder, 2),
    [opening, 'if (equalBytes(rootAt(seen.size), seen.root)) return undefined;', 'return undefined;'],
  ),
  attack(
    "yesterday's files under today's register",
    'rolled-back',
    async (folder, { Journal }) => {
      await rollBack(folder);
      await (await Journal.open(folder)).close();
    },
    noRegister,
  ),
  attack(
    'a second start in one folder',
    'already-running',
    async (folder, { Journal }) => {
      const first = await Journal.open(folder);
      try {
        await (await Journal.open(folder)).close();
      } finally {
        await first.close();
      }
    },
    [opening, 'disk === nodeDisk ? takeFolder(folder) : undefined', 'undefined'],
  ),
  attack(
    'another key in the folder',
    'key-differs',
    async (folder, { Journal }) => {
      writeFileSync(join(folder, 'log.key'), new Uint8Array(32).fill(1));
      await (await Journal.open(folder)).close();
    },
    [opening, "if (controlField(genesis, 'log-key') !== formatVerifierKey(signer.key))", 'if (false)'],
  ),
  attack(
    'a spoilt frame with a whole one behind it',
    'wal-damaged',
    async (folder, { Journal }) => {
      spoil(folder);
      await (await Journal.open(folder)).close();
    },
    ['journal/wal.ts', 'refuseLostFrames(segment, end, state, name);', ''],
    noRegister,
  ),
  attack(
    'a segment that is gone',
    'wal-damaged',
    async (folder, { Journal }) => {
      await loseSegment(folder);
      await (await Journal.open(folder, { walSizes })).close();
    },
    ['journal/wal.ts', 'if (name !== segmentName(state.size)) {', 'if (false) {'],
    ['journal/wal.ts', 'refuseLostFrames(segment, end, state, name);', ''],
    noRegister,
  ),
  attack(
    'an append to a disk that is full',
    'diskLow',
    async (folder, { Journal }) => {
      await appendAndClose(await Journal.open(folder, { disk: refusedBy('ENOSPC', { write: true }) }));
    },
    ['journal/wal.ts', 'if (!isFull(cause)) throw cause;', 'return;'],
  ),
  attack(
    'an append to a disk that was made read-only',
    'stopped',
    async (folder, { Journal }) => {
      await appendAndClose(await Journal.open(folder, { disk: refusedBy('EROFS', { write: true }) }));
    },
    ['journal/wal.ts', 'if (!isFull(cause)) throw cause;', 'return;'],
  ),
  attack(
    'an append after tiles that found no space',
    'stopped',
    async (folder, { Journal }) => {
      const journal = await Journal.open(folder, { disk: refusedBy('ENOSPC', { replace: true }) });
      // What this append makes full is written with the next one.
      await journal.append(
        Array.from({ length: 256 }, () => utf8('many')),
        0,
      );
      await appendAndClose(journal);
    },
    ['journal/journal.ts', 'this.#stop(stoppedBy(error));', ''],
  ),
  attack(
    'an append to a disk under its reserve',
    'diskLow',
    async (folder, { Journal }) => {
      const journal = await Journal.open(folder, { freeBytesMin: Infinity });
      await appendAndClose(journal);
    },
    ['journal/journal.ts', 'if (this.#disk.freeBytes(this.#folder) < this.#freeBytesMin)', 'if (false)'],
  ),
  attack(
    'an append after a sync that failed',
    'stopped',
    async (folder, { Journal }) => {
      const failing = failingDisk();
      const journal = await Journal.open(folder, { disk: failing.disk });
      failing.fail();
      await journal.append([utf8('four')], 0).catch(() => undefined);
      await appendAndClose(journal);
    },
    ['journal/journal.ts', "if (refusal.code !== 'diskLow') this.#stop(refusal);", ''],
  ),
]);
