/**
 * Builds the dashboard into a folder of `.build/web` whose name is the hash of its sources, and which the server serves
 * as it stands. What is there already is not built again. Run as a program, it prints the folder.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { buildVerifierPage } from '@counterfoil/log/verifier';
import { type Plugin, build } from 'vite';
import { routeTable } from '../src/app/route-table.ts';

const web = join(import.meta.dirname, '..');
const packages = join(web, '..');
const built = join(packages, '..', '.build', 'web');

/** Everything that ends up in the page: its own sources, those it shares with other packages, the locked versions. */
function sourcesHash(): string {
  const hash = createHash('sha256');
  const paths = globSync(
    ['web/{src,public,build}/**/*.*', 'web/index.html', '{vocabulary,api,log,seal,engine}/src/**/*.ts'],
    { cwd: packages },
  ).filter((path) => !path.endsWith('.test.ts'));
  for (const path of [...paths.toSorted(), '../package-lock.json']) {
    hash.update(`${path}\0`).update(readFileSync(join(packages, path)));
  }
  return hash.digest('hex');
}

/** Puts the finished table in the place of the file that makes it, and so leaves the contract's schemas out. */
const finishedRouteTable: Plugin = {
  name: 'finished route table',
  load: (id) =>
    id === join(web, 'src/app/route-table.ts')
      ? `export const routeTable = ${JSON.stringify(routeTable)};`
      : undefined,
};

/** Resolves to the folder with the built page. */
export async function buildWeb(): Promise<string> {
  const folder = join(built, sourcesHash().slice(0, 16));
  if (existsSync(folder)) return folder;
  const outDir = `${folder}.${process.pid}`;
  await build({
    root: web,
    configFile: false,
    logLevel: 'error',
    plugins: [react(), tailwind(), finishedRouteTable],
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2024',
      // The policy forbids inline data: every file is fetched from the server that serves the page.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      chunkSizeWarningLimit: 600,
    },
  });
  // One HTML file that checks a bundle from disk, for whoever does not want to trust this page.
  writeFileSync(join(outDir, 'offline-verifier.html'), await buildVerifierPage());
  try {
    renameSync(outDir, folder);
  } catch (error) {
    // Another process was faster, with the same sources.
    if (!existsSync(folder)) throw error;
    rmSync(outDir, { recursive: true });
  }
  return folder;
}

if (process.argv[1] === import.meta.filename) process.stdout.write(`${await buildWeb()}\n`);
