import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { copySettings, write } from '../_plant.ts';
import type { Registry } from './_registry.ts';

/** The package that stands for the pinned Node of this machine: set-up only asks whether its binary is there. */
export const nodePackage = {
  name: `node-${process.platform}-${process.arch}`,
  version: '26.10.0',
  files: { 'bin/node': 'a binary' },
};

/** Makes `root` a small clone of the repository: the set-up itself, one dependency beside Node, one workspace. */
export function writeClone(root: string, registry: Registry, extra: readonly { name: string }[] = []): void {
  copySettings(root, 'tools/setup.mjs', 'tools/setup', 'tools/pinned.mjs', '.npmrc');
  const names = [nodePackage.name, ...extra.map(({ name }) => name)];
  const dependencies = Object.fromEntries(names.map((name): [string, string] => [name, nodePackage.version]));
  const manifest = { name: 'clone', version: '1.0.0', workspaces: ['packages/*'], dependencies };
  const workspace = { name: '@clone/engine', version: '1.0.0' };
  const installed = names.map((name): [string, object] => [
    `node_modules/${name}`,
    { version: nodePackage.version, integrity: registry.integrity(name) },
  ]);
  const packages = {
    '': manifest,
    'node_modules/@clone/engine': { resolved: 'packages/engine', link: true },
    'packages/engine': workspace,
    ...Object.fromEntries(installed),
  };
  write(root, 'package.json', JSON.stringify(manifest));
  write(root, 'packages/engine/package.json', JSON.stringify(workspace));
  write(
    root,
    'package-lock.json',
    JSON.stringify({ name: 'clone', version: '1.0.0', lockfileVersion: 3, packages }),
  );
}

/** How a set-up ended. */
export type SetupEnd = { readonly code: number | null; readonly printed: string; readonly tookMs: number };

/** A set-up that runs. */
export type RunningSetup = { readonly child: ChildProcess; readonly ended: Promise<SetupEnd> };

/** Starts the set-up of the clone at `root`; `preload` is code that runs before it in the same process. */
export function startSetup(root: string, registryUrl: string, preload = ''): RunningSetup {
  const startedAt = performance.now();
  const before = preload === '' ? [] : ['--import', `data:text/javascript,${encodeURIComponent(preload)}`];
  const child = spawn(process.execPath, [...before, join(root, 'tools', 'setup.mjs')], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      HOME: root,
      npm_execpath: process.env['npm_execpath'],
      npm_config_registry: registryUrl,
      // A cache of its own: what another run fetched must not answer for the registry.
      npm_config_cache: join(root, '.cache'),
      npm_config_userconfig: join(root, '.no-npmrc'),
    },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const ended = new Promise<SetupEnd>((settle) => {
    child.on('close', (code) => settle({ code, printed, tookMs: performance.now() - startedAt }));
  });
  return { child, ended };
}

/** Whether the clone's dependencies are in place, with a stamp. */
export function isComplete(root: string): boolean {
  return (
    existsSync(join(root, 'node_modules', '.counterfoil-installed')) &&
    readFileSync(join(root, 'node_modules', nodePackage.name, 'bin', 'node'), 'utf8') === 'a binary'
  );
}

/** Whether anything is left of an installation that did not succeed. */
export function isUntouched(root: string): boolean {
  return !existsSync(join(root, 'node_modules')) && !existsSync(join(root, '.build', 'install'));
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  // A minute, for a machine under heavy load; a second is usual.
  for (let round = 0; round < 1200; round += 1) {
    if (condition()) return;
    await sleep(50);
  }
  throw new Error('waited a minute in vain');
}
