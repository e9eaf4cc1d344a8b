/**
 * Lives of one journal on one faulty disk: each begins with a start, appends until a crash or fault, and ends with the
 * machine or only the process gone. After every start all that was acknowledged and all that was signed is checked.
 */
import assert from 'node:assert/strict';
import { type KnownTree, TreeHasher, equalBytes, utf8, verifyReceipt } from '@counterfoil/log';
import { Journal, JournalError, type JournalOptions } from '@counterfoil/log/journal';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import { Crash, type Fault, FaultyDisk, type Random, seeded } from './_faulty-disk.ts';

export const FOLDER = '/log';
const hasher = new TreeHasher(sha256Into);

/** Small enough that a run crosses several segments and syncs in both ways, and large enough for any batch of a run. */
export const SMALL_WAL = { segmentBytes: 8 * 1024, preallocateBytes: 4 * 1024, syncNowBytes: 2 * 1024 };

export interface CrashRun {
  readonly seed: number;
  readonly lives: number;
  /** Weakens the device, to see that the checks bite. */
  readonly lies?: boolean;
}

export interface CrashOutcome {
  readonly crashes: number;
  readonly faults: number;
  readonly acknowledged: number;
}

/** Everything that was promised so far. */
export class Promises {
  readonly acknowledged = new Map<number, Uint8Array>();
  readonly signed: KnownTree[] = [];

  /** Watches the register, which is set with every signature. */
  watch(disk: FaultyDisk): void {
    disk.onWrite = (path, bytes) => {
      if (path !== `${FOLDER}/signed`) return;
      const size = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
      this.signed.push({ size, root: bytes.slice(8, 40) });
    };
  }

  check(journal: Journal, seed: number): void {
    const head = journal.head();
    const entries = journal.read(0, head.size);
    for (const [index, leaf] of this.acknowledged) {
      const kept = entries[index];
      assert.ok(
        kept !== undefined && equalBytes(kept, leaf),
        `seed ${seed}: acknowledged leaf ${index} is gone`,
      );
    }
    for (const tree of this.signed) {
      assert.ok(tree.size <= head.size, `seed ${seed}: a signed tree of ${tree.size} leaves is gone`);
      assert.ok(
        equalBytes(journal.rootAt(tree.size), tree.root),
        `seed ${seed}: two trees of ${tree.size} leaves`,
      );
    }
  }
}

export function journalOptions(disk: FaultyDisk): JournalOptions {
  return { disk, walSizes: SMALL_WAL };
}

export async function startJournal(disk: FaultyDisk): Promise<Journal> {
  const options = journalOptions(disk);
  const genesis = { ...options, origin: 'crash.counterfoil.local/keyuse', clock: () => 1_760_000_000_000 };
  try {
    return await Journal.open(FOLDER, options);
  } catch (error) {
    if (error instanceof JournalError && error.code === 'no-journal') return Journal.create(FOLDER, genesis);
    throw error;
  }
}

export async function runLives({ seed, lives, lies = false }: CrashRun): Promise<CrashOutcome> {
  const random = seeded(seed);
  const disk = new FaultyDisk();
  disk.lies = lies;
  const promises = new Promises();
  promises.watch(disk);
  const count = { crashes: 0, faults: 0 };
  for (let life = 0; life < lives; life++) {
    disk.restartProcess();
    disk.fault = randomFault(random);
    const injected = disk.fault.how;
    await live(disk, promises, random, seed);
    if (disk.struck) count[injected === 'before' || injected === 'after' ? 'crashes' : 'faults'] += 1;
    if (random() < 0.7) disk.cutPower(random);
    else disk.restartProcess();
    const journal = await startJournal(disk);
    promises.check(journal, seed);
    await journal.close();
  }
  return { ...count, acknowledged: promises.acknowledged.size };
}

function randomFault(random: Random): Fault {
  const hows = ['before', 'after', 'before', 'after', 'before', 'after', 'EIO', 'ENOSPC', 'EROFS'] as const;
  // Most faults fall into starting and the first batches; some come late, after rotations and publications.
  return {
    at: Math.floor(random() * random() * 250),
    how: hows[Math.floor(random() * hows.length)] ?? 'before',
  };
}

/** One life: it ends by its fault, or after enough work. */
async function live(disk: FaultyDisk, promises: Promises, random: Random, seed: number): Promise<void> {
  try {
    const journal = await startJournal(disk);
    promises.check(journal, seed);
    for (let round = 0; round < 12 && journal.stopped === undefined; round++) {
      await appendSome(journal, promises, random);
      if (random() < 0.2) journal.publish();
    }
    await journal.close();
  } catch (error) {
    if (!isInjected(error)) throw error;
  }
}

function isInjected(error: unknown): boolean {
  if (error instanceof Crash) return true;
  if (!(error instanceof Error)) return false;
  if (error instanceof JournalError) return error.code === 'diskLow' || error.code === 'stopped';
  return 'code' in error && ['EIO', 'ENOSPC', 'EROFS'].includes(String(error.code));
}

async function appendSome(journal: Journal, promises: Promises, random: Random): Promise<void> {
  const known = journal.head();
  const appends = Array.from({ length: 1 + Math.floor(random() * 4) }, async () => {
    const leaves = Array.from({ length: 1 + Math.floor(random() * 3) }, () => randomLeaf(random));
    try {
      const receipt = await journal.append(leaves, known.size);
      verifyReceipt(hasher, nodePrimitives, journal.key, known, leaves, receipt);
      for (const [offset, leaf] of leaves.entries()) promises.acknowledged.set(receipt.index + offset, leaf);
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
    }
  });
  await Promise.all(appends);
}

function randomLeaf(random: Random): Uint8Array {
  return utf8(`leaf ${random()} `.padEnd(40 + Math.floor(random() * 900), '.'));
}
