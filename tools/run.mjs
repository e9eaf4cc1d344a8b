// Runs a TypeScript program of this repository under the pinned Node: `node tools/run.mjs tools/test.ts …`.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinnedNode, platform } from './pinned.mjs';

/** Starts `script` under the pinned Node with this process's terminal, hands signals on, and ends as it ends. */
export function runPinned(script, args) {
  const node = pinnedNode();
  if (node === undefined) {
    console.error(
      `counterfoil: no Node 26 for ${platform} is installed here; nothing was started. ` +
        'Run `npm ci` in the repository (without --omit=optional) and try again.',
    );
    process.exit(1);
  }
  const cache = join(dirname(fileURLToPath(import.meta.url)), '..', '.build', 'compile-cache');
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', script, ...args], {
    stdio: 'inherit',
    env: { ...process.env, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? cache },
  });
  // Ctrl-C in a terminal reaches the child too, which then hears it twice; the child decides what it means.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm does not hand SIGTERM on: when it is gone, whatever it started stops too.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event !== undefined) {
    setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500).unref();
  }
  child.on('error', (error) => {
    console.error(`counterfoil: could not start ${node}: ${error.message}. Run \`npm ci\` and try again.`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [script, ...args] = process.argv.slice(2);
  if (script === undefined) {
    console.error('usage: node tools/run.mjs PROGRAM.ts [arguments]');
    process.exit(2);
  }
  runPinned(script, args);
}
