/** A program of ours as one file with one place changed: what a test must notice. */
import { readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '../../..');

/** Writes a changed copy of a built program. Throws where the place is not there exactly once. */
export function plant(
  folder: string,
  file: string,
  change: { readonly from: string | RegExp; readonly to: string },
): string {
  const text = readFileSync(file, 'utf8');
  if (text.split(change.from).length !== 2) throw new Error(`no single ${String(change.from)}`);
  const planted = join(folder, `planted${extname(file)}`);
  writeFileSync(planted, text.replace(change.from, change.to));
  return planted;
}

/** Builds a program that is otherwise run from its sources; `program` is relative to the repository. */
export async function bundle(folder: string, program: string): Promise<string> {
  const outfile = join(folder, 'whole.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [program],
    bundle: true,
    outfile,
    platform: 'node',
    target: 'node26',
    format: 'esm',
    logLevel: 'error',
  });
  return outfile;
}
