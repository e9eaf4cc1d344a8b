import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';

/** The repository that these tests belong to. */
export const repository = join(import.meta.dirname, '..');

const fixtures = join(import.meta.dirname, 'fixtures');

/** Names of the fixtures in `tools/fixtures/KIND`, without the shared `_base`. */
export function fixtureNames(kind: string): string[] {
  return readdirSync(join(fixtures, kind))
    .map((file) => file.replace(/\.txt$/u, ''))
    .filter((name) => name !== '_base')
    .toSorted();
}

/**
 * Writes the files of fixtures into a new folder that is removed after the test. A fixture is one text file in which
 * a line `-- path --` begins each file, so that no other tool mistakes a planted violation for ours.
 */
export function plant(t: TestContext, kind: string, names: readonly string[]): string {
  const root = temporaryFolder(t);
  for (const name of names) {
    const text = readFileSync(join(fixtures, kind, `${name}.txt`), 'utf8');
    const [, ...parts] = text.split(/^-- (.+) --\n/mu);
    for (let index = 0; index < parts.length; index += 2)
      write(root, parts[index] ?? '', parts[index + 1] ?? '');
  }
  return root;
}

/** Copies files of the repository, such as a tool's settings, into a planted folder. */
export function copySettings(root: string, ...paths: readonly string[]): void {
  for (const path of paths) cpSync(join(repository, path), join(root, path), { recursive: true });
}

/** Lets tools and types that are installed here be found from a planted folder. */
export function linkInstalled(root: string): void {
  symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'), 'junction');
}

/** A new folder, removed after the test. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'counterfoil-tools-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes `root/path`, making its folders. */
export function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
