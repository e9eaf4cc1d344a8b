// One installation per checkout at a time, also when `npm start` and `npm test` begin together.
//
// The lock is a row of numbered files in `.build`; the highest number rules. Taking over from a dead holder means
// creating the next number, which the file system grants to one process only, so two waiters that both see a dead
// holder cannot both win, as they could if each deleted the old file and made a new one.
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimes,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
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
  // A beat that cannot be written only makes this holder look dead; the installation itself will say what is wrong.
  const beat = setInterval(() => utimes(file, new Date(), new Date(), () => {}), beatMs);
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
    const sight = `${top} ${state}`;
    if (seen?.sight !== sight) seen = { sight, at: performance.now() };
    if (state === 'free' || state === 'ended' || performance.now() - seen.at > deadAfterMs) {
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
    const [pid, ...place] = readFileSync(file, 'utf8').trimEnd().split(' ');
    if (pid === 'free') return 'free';
    if (place.join(' ') === processPlace() && !isAlive(Number(pid))) return 'ended';
    return String(statSync(file).mtimeMs);
  } catch {
    return 'gone';
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return error.code === 'EPERM';
  }
}

/** Within which a process id means anything: this machine and, on Linux, this container. */
function processPlace() {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

function create(file) {
  try {
    writeFileSync(file, `${process.pid} ${processPlace()}\n`, { flag: 'wx' });
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
