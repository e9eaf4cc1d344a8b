// One installation per checkout at a time, also when `npm start` and `npm test` begin together.
//
// The lock is a row of numbered files in `.build`; the highest number rules. Taking over from a dead holder means
// creating the next number, which the file system grants to one process only, so two waiters that both see a dead
// holder cannot both win, as they could if each deleted the old file and made a new one.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const beatMs = 1_000;
// A holder touches its file every second; fifteen seconds without is a dead one even on a machine that swaps.
const deadAfterMs = 15_000;
const pollMs = 200;
const name = /^install-lock\.(\d+)$/u;

/** Runs `work` while no other process installs into `root`; waits for one that does. */
export async function holdInstallLock(root, work) {
  const folder = join(root, '.build');
  mkdirSync(folder, { recursive: true });
  const file = await acquire(folder);
  const beat = setInterval(() => utimesSync(file, new Date(), new Date()), beatMs);
  try {
    await work();
  } finally {
    clearInterval(beat);
    writeFileSync(file, 'free\n');
    removeLower(folder, file);
  }
}

async function acquire(folder) {
  let seen;
  let told = false;
  for (;;) {
    const top = highest(folder);
    const state = top === 0 ? 'free' : stateOf(join(folder, `install-lock.${top}`));
    // The holder's life is judged by this process's own clock between two changes, so a suspended laptop or a wrong
    // clock cannot make a live holder look dead.
    if (seen === undefined || seen.state !== `${top} ${state}`)
      seen = { state: `${top} ${state}`, at: performance.now() };
    if (state === 'free' || performance.now() - seen.at > deadAfterMs) {
      const file = join(folder, `install-lock.${top + 1}`);
      if (create(file) && highest(folder) === top + 1) return file;
      continue;
    }
    if (!told) console.error('Another installation is running in this folder; waiting for it …');
    told = true;
    await sleep(pollMs);
  }
}

function stateOf(file) {
  try {
    return readFileSync(file, 'utf8') === 'free\n' ? 'free' : String(statSync(file).mtimeMs);
  } catch {
    return 'gone';
  }
}

function create(file) {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

function highest(folder) {
  return Math.max(0, ...readdirSync(folder).map((entry) => Number(name.exec(entry)?.[1] ?? 0)));
}

function removeLower(folder, file) {
  const mine = Number(name.exec(file.slice(folder.length + 1))?.[1]);
  for (const entry of readdirSync(folder)) {
    if (Number(name.exec(entry)?.[1] ?? mine) < mine) rmSync(join(folder, entry), { force: true });
  }
}
