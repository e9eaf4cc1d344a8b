// Installs into a staging folder and moves the result into place in one step, so that an interruption at any moment
// leaves either the old `node_modules` or the new one, never half of one.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { npmCi } from './npm-ci.mjs';
import { stampFor, stampPath } from './installed.mjs';

/** Installs what package-lock.json names. Call it under the install lock only: it clears what others left staged. */
export async function installInto(root) {
  const work = join(root, '.build', 'install');
  // Left behind only by a process that was killed; a lock holder is alone here.
  rmSync(work, { recursive: true, force: true });
  try {
    const staging = join(work, 'staging');
    stageManifests(root, staging);
    await npmCi(staging);
    writeFileSync(join(staging, stampPath), stampFor(staging));
    moveIntoPlace(root, staging, join(work, 'replaced'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function stageManifests(root, staging) {
  const bins = workspaces(root).flatMap((folder) => binsOf(root, folder));
  const manifests = workspaces(root).map((folder) => join(folder, 'package.json'));
  // npm links a workspace's `bin` only where the file exists.
  for (const path of ['package.json', 'package-lock.json', '.npmrc', ...manifests, ...bins]) {
    mkdirSync(dirname(join(staging, path)), { recursive: true });
    cpSync(join(root, path), join(staging, path));
  }
}

function workspaces(root) {
  return readdirSync(join(root, 'packages'))
    .map((name) => join('packages', name))
    .filter((folder) => existsSync(join(root, folder, 'package.json')));
}

function binsOf(root, folder) {
  const { bin = {} } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const files = typeof bin === 'string' ? [bin] : Object.values(bin);
  return files.map((file) => join(folder, file)).filter((file) => existsSync(join(root, file)));
}

function moveIntoPlace(root, staging, replaced) {
  // An old stamp must not vouch for a mixture if the moves below are cut short.
  rmSync(join(root, stampPath), { force: true });
  // The root comes last because its folder carries the new stamp.
  const places = [...workspaces(root).map((folder) => join(folder, 'node_modules')), 'node_modules'];
  for (const [index, place] of places.entries()) {
    if (existsSync(join(root, place))) {
      mkdirSync(replaced, { recursive: true });
      renameSync(join(root, place), join(replaced, String(index)));
    }
    if (existsSync(join(staging, place))) renameSync(join(staging, place), join(root, place));
  }
}
