import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../check/finding.ts';
import { lockRules, type Locked, type Lockfile, type LockRule } from './rules.ts';

/** Every broken lockfile rule in the repository at `root`. Throws when nothing is locked at all. */
export function checkLockfile(root: string, rules: readonly LockRule[] = lockRules): Finding[] {
  const path = 'package-lock.json';
  const { packages } = readJson<{ packages: Lockfile }>(join(root, path));
  const entries = Object.entries(packages);
  if (entries.length === 0) throw new Error(`${path} locks nothing: nothing was checked.`);
  return entries.flatMap(([place, entry]) => {
    const manifestPath = join(root, place, 'package.json');
    const ours = !place.includes('node_modules/') && existsSync(manifestPath);
    const manifest = ours ? readJson<Locked>(manifestPath) : undefined;
    return rules.flatMap(({ name, broken }) =>
      broken(place, entry, packages, manifest).map((message) => ({ path, line: 0, rule: name, message })),
    );
  });
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T; // npm wrote it, or would refuse it
}
