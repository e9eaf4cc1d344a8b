// Are the dependencies that package-lock.json names installed for this machine? Answered without asking npm, which
// takes a second to say yes: first by a stamp, then, where a person ran npm, by comparing npm's own record.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedNode, platform, platformSupported } from '../pinned.mjs';
import { SetupError } from './setup-error.mjs';

/** Where the stamp lies, relative to the repository. */
export const stampPath = join('node_modules', '.counterfoil-installed');

/** Whether every dependency is there. Stamps an installation that npm made, so that the next answer is immediate. */
export function isInstalled(root) {
  if (platformSupported && pinnedNode(root) === undefined) return false;
  const stamp = stampFor(root);
  if (readIfThere(join(root, stampPath)) === stamp) return true;
  if (!agreesWithNpmRecord(root)) return false;
  try {
    writeFileSync(join(root, stampPath), stamp);
  } catch {
    // A read-only checkout that is complete is fine; it is compared again next time.
  }
  return true;
}

/** The stamp's content: which lockfile, which machine. */
export function stampFor(root) {
  const lockfile = readIfThere(join(root, 'package-lock.json'));
  if (lockfile === undefined) {
    throw new SetupError(
      'broken-clone',
      `package-lock.json is missing from ${root}. Clone the repository again.`,
    );
  }
  return `${createHash('sha256').update(lockfile).digest('hex')} ${platform}\n`;
}

function agreesWithNpmRecord(root) {
  const record = readIfThere(join(root, 'node_modules', '.package-lock.json'));
  if (record === undefined) return false;
  try {
    const installed = JSON.parse(record).packages;
    const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    return lockSatisfied(locked, installed);
  } catch {
    return false;
  }
}

/**
 * Whether `installed` (the `packages` of npm's hidden lockfile) holds exactly what `locked` (those of
 * package-lock.json) names. Optional packages may be absent: they are other platforms'.
 */
export function lockSatisfied(locked, installed) {
  for (const [path, want] of Object.entries(locked)) {
    if (path === '') continue;
    const have = installed[path];
    if (have === undefined && want.optional !== true && want.devOptional !== true) return false;
    if (have !== undefined && (have.version !== want.version || have.integrity !== want.integrity))
      return false;
  }
  return Object.keys(installed).every((path) => path in locked);
}

function readIfThere(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
