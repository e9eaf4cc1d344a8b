import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text file of the repository. */
export type TextFile = {
  /** Relative to the repository, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly lines: readonly string[];
};

// Not ours to judge: installed, generated, or wrong on purpose.
const skippedFolders = new Set(['node_modules', '.git', '.build', 'data', 'tools/fixtures']);
const skippedFiles = new Set(['package-lock.json', 'LICENSE']);
const binary = /\.(?:png|jpe?g|webp|ico|woff2?|gz|zst|br|wasm|bin|pdf|der)$/u;

/** Every text file under `root`, in path order. Throws when there is none, since a check of nothing is always green. */
export function readTree(root: string): TextFile[] {
  const files = pathsUnder(root, '').map((path) => {
    const text = binary.test(path) ? '' : readFileSync(join(root, path), 'utf8');
    return { path, text, lines: text.split('\n') };
  });
  if (files.length === 0) throw new Error(`No file under ${root}: nothing was checked.`);
  return files;
}

function pathsUnder(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (skippedFolders.has(path) || skippedFolders.has(entry.name) || skippedFiles.has(path)) return [];
      if (entry.isDirectory()) return pathsUnder(root, path);
      return entry.isFile() ? [path] : [];
    });
}
