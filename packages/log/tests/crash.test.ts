import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalBytes, utf8 } from '@counterfoil/log';
import { Journal, JournalError } from '@counterfoil/log/journal';
import { FOLDER, Promises, journalOptions, runLives, startJournal } from './_crash-run.ts';
import { FaultyDisk, seeded } from './_faulty-disk.ts';

const SEEDS = 320;
/** 100,062: a process that died before it synced a folder, then a power cut after the next start. */
const SEEDS_THAT_FAILED = [100_062];
const LIVES = 12;

test('over 2,000 crashes and faults at every step lose nothing acknowledged and never make two trees', async () => {
  let crashes = 0;
  let faults = 0;
  let acknowledged = 0;
  for (const seed of [...SEEDS_THAT_FAILED, ...Array.from({ length: SEEDS }, (_, i) => i + 1)]) {
    const outcome = await runLives({ seed, lives: LIVES });
    crashes += outcome.crashes;
    faults += outcome.faults;
    acknowledged += outcome.acknowledged;
  }
  assert.ok(crashes >= 2_000, `${crashes} crashes`);
  assert.ok(faults >= 800, `${faults} faults`);
  assert.ok(acknowledged >= 10_000, `${acknowledged} acknowledged leaves`);
});

test('on a device that lies about syncing the same runs fail, so they would notice a missing sync', async () => {
  let noticed = 0;
  for (let seed = 1; seed <= 20; seed++) {
    await runLives({ seed, lives: LIVES, lies: true }).catch(() => (noticed += 1));
  }
  assert.equal(noticed, 20);
});

/** A journal of a few batches whose process was killed: the page cache lives on. */
async function killedJournal(seed: number): Promise<{ disk: FaultyDisk; promises: Promises }> {
  const random = seeded(seed);
  const disk = new FaultyDisk();
  const promises = new Promises();
  promises.watch(disk);
  const journal = await startJournal(disk);
  for (let batch = 0; batch < 6; batch++) {
    const leaves = Array.from({ length: 1 + Math.floor(random() * 4) }, (_, i) =>
      utf8(`leaf ${batch}.${i} of ${seed}`),
    );
    const receipt = await journal.append(leaves, 0);
    for (const [offset, leaf] of leaves.entries()) promises.acknowledged.set(receipt.index + offset, leaf);
  }
  disk.restartProcess();
  return { disk, promises };
}

function segmentsOf(disk: FaultyDisk): string[] {
  return disk.paths().filter((path) => path.endsWith('.wal'));
}

/** The journal refuses to start, or it has everything. */
async function refusedOrWhole(disk: FaultyDisk, promises: Promises, seed: number): Promise<string> {
  let journal: Journal;
  try {
    journal = await Journal.open(FOLDER, journalOptions(disk));
  } catch (error) {
    assert.ok(error instanceof JournalError, String(error));
    return error.code;
  }
  promises.check(journal, seed);
  return 'whole';
}

test('a flipped bit anywhere in the log is refused at start, or changes nothing', async () => {
  const outcomes = new Map<string, number>();
  for (let seed = 1; seed <= 300; seed++) {
    const { disk, promises } = await killedJournal(seed);
    const random = seeded(seed + 1_000_000);
    const segments = segmentsOf(disk);
    disk.tamper(segments[Math.floor(random() * segments.length)] ?? '', (bytes) => {
      // The first kilobytes hold the frames; zeros follow.
      const at = Math.floor(random() * Math.min(bytes.length, 3_600));
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      return bytes;
    });
    const outcome = await refusedOrWhole(disk, promises, seed);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  assert.ok((outcomes.get('wal-damaged') ?? 0) > 30, JSON.stringify([...outcomes]));
  assert.ok((outcomes.get('rolled-back') ?? 0) > 5, JSON.stringify([...outcomes]));
});

test('zeroed, duplicated, shortened and swapped ends of the log are refused, or lose nothing', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const changes: ((bytes: Uint8Array) => Uint8Array)[] = [
      (bytes) => bytes.fill(0, usedBytes(bytes) - 512),
      (bytes) => bytes.fill(0, Math.max(0, usedBytes(bytes) - 1024)),
      (bytes) => bytes.slice(0, usedBytes(bytes) - 512),
      (bytes) => bytes.slice(0, usedBytes(bytes) - 1),
      (bytes) => bytes.copyWithin(usedBytes(bytes), usedBytes(bytes) - 512, usedBytes(bytes)),
      (bytes) => bytes.copyWithin(usedBytes(bytes), 0, 512),
      (bytes) => bytes.copyWithin(0, 512, 1024),
    ];
    for (const change of changes) {
      const { disk, promises } = await killedJournal(seed);
      disk.tamper(segmentsOf(disk).at(-1) ?? '', change);
      await refusedOrWhole(disk, promises, seed);
    }
  }
});

/** Up to the end of the last sector that is not all zeros. */
function usedBytes(bytes: Uint8Array): number {
  const last = bytes.findLastIndex((byte) => byte !== 0);
  return Math.ceil((last + 1) / 512) * 512;
}

test('without the last-signed register a zeroed last frame passes for a torn write: the register is what refuses it', async () => {
  const { disk, promises } = await killedJournal(7);
  const last = segmentsOf(disk).at(-1) ?? '';
  disk.tamper(last, (bytes) => bytes.fill(0, usedBytes(bytes) - 512));
  const weakened = disk.copy();
  weakened.erase(`${FOLDER}/signed`);
  await assert.rejects(Journal.open(FOLDER, journalOptions(disk)), { code: 'rolled-back' });
  const journal = await Journal.open(FOLDER, journalOptions(weakened));
  assert.throws(() => promises.check(journal, 7), /is gone/);
});

test('a missing segment, a foreign file and a changed key are refused', async () => {
  const { disk } = await killedJournal(3);
  const [first = ''] = segmentsOf(disk);
  const withoutFirst = disk.copy();
  withoutFirst.erase(first);
  await assert.rejects(Journal.open(FOLDER, journalOptions(withoutFirst)), { code: 'no-journal' });
  await assert.rejects(
    Journal.create(FOLDER, { ...journalOptions(withoutFirst), origin: 'again/keyuse', clock: () => 0 }),
    { code: 'journal-exists' },
  );
  const otherKey = disk.copy();
  otherKey.tamper(`${FOLDER}/log.key`, (bytes) => bytes.reverse());
  await assert.rejects(Journal.open(FOLDER, journalOptions(otherKey)), { code: 'key-differs' });
  const shortKey = disk.copy();
  shortKey.tamper(`${FOLDER}/log.key`, (bytes) => bytes.slice(1));
  await assert.rejects(Journal.open(FOLDER, journalOptions(shortKey)), { code: 'key-differs' });
});

test("yesterday's copy of the folder is refused when a witness, a mirror or the gate knows more", async () => {
  const disk = new FaultyDisk();
  const journal = await startJournal(disk);
  await journal.append([utf8('monday')], 0);
  const yesterday = disk.copy();
  await journal.append([utf8('tuesday')], 0);
  const seen = { ...journal.head(), source: 'witness example.net/w1' };
  await assert.rejects(
    Journal.open(FOLDER, { ...journalOptions(yesterday), known: () => Promise.resolve([seen]) }),
    {
      code: 'rolled-back',
    },
  );
  // Without that knowledge the copy opens, and signs a second tree of the same size.
  const rival = await Journal.open(FOLDER, journalOptions(yesterday.copy()));
  await rival.append([utf8('another tuesday')], 0);
  assert.equal(rival.head().size, seen.size);
  assert.ok(!equalBytes(rival.head().root, seen.root));
});

test('a copy that went its own way is refused by anyone who saw the first', async () => {
  const disk = new FaultyDisk();
  const journal = await startJournal(disk);
  const copy = disk.copy();
  await journal.append([utf8('one story')], 0);
  const seen = { ...journal.head(), source: 'mirror' };
  const rival = await startJournal(copy);
  await rival.append([utf8('another story')], 0);
  await rival.append([utf8('and more of it')], 0);
  await rival.close();
  await assert.rejects(
    Journal.open(FOLDER, { ...journalOptions(copy), known: () => Promise.resolve([seen]) }),
    { code: 'forked' },
  );
});

test('a failed sync stops the journal for good: nothing is acknowledged after it', async () => {
  for (const how of ['EIO', 'EROFS'] as const) {
    const disk = new FaultyDisk();
    const journal = await startJournal(disk);
    disk.restartProcess();
    // Free space, space for the frame, the frame; the sync is next.
    disk.fault = { at: 3, how };
    await assert.rejects(journal.append([utf8('lost')], 0), { code: 'stopped' });
    assert.equal(journal.stopped?.code, 'stopped');
    const head = journal.head().size;
    await assert.rejects(journal.append([utf8('after')], 0), { code: 'stopped' });
    assert.equal(journal.head().size, head, 'no tree is signed after the failure');
  }
});

test('low and full disks refuse appends without stopping, and space brings them back', async () => {
  const disk = new FaultyDisk();
  const journal = await startJournal(disk);
  disk.free = 1;
  await assert.rejects(journal.append([utf8('no room')], 0), { code: 'diskLow' });
  disk.free = 2 ** 40;
  // The next frame needs new space in the segment, and the device has none.
  const large = utf8('x'.repeat(5_000));
  disk.restartProcess();
  disk.fault = { at: 1, how: 'ENOSPC' };
  await assert.rejects(journal.append([large], 0), { code: 'diskLow' });
  const receipt = await journal.append([large], 0);
  assert.equal(receipt.index, 1);
  assert.equal(journal.stopped, undefined);
});

test('a clock that jumps by a day changes nothing in the log but the genesis time', async () => {
  const disk = new FaultyDisk();
  let now = 1_760_000_000_000;
  const journal = await Journal.create(FOLDER, {
    ...journalOptions(disk),
    origin: 'clock/keyuse',
    clock: () => (now += 86_400_000),
  });
  const before = now;
  await journal.append([utf8('a')], 0);
  assert.equal(now, before, 'nothing after genesis reads the clock');
});

test('an append is answered whatever turn of the event loop it comes in after the last one', async () => {
  const journal = await startJournal(new FaultyDisk());
  for (let turns = 0; turns < 40; turns++) {
    for (let round = 0; round < 5; round++) {
      await journal.append([utf8(`after ${turns} turns`)], 0);
      for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    }
  }
  assert.equal(journal.head().size, 1 + 200);
});
