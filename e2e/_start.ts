/** `npm start` as a person runs it: `start.mjs` in a process group of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const program = join(import.meta.dirname, '../start.mjs');

export interface Started {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  readonly text: () => string;
  readonly ended: Promise<number | null>;
}

/** Offline unless it is told where live prices are: no test depends on a venue that may not be there. */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  [command = process.execPath, ...before]: readonly string[] = [process.execPath, program],
): Started {
  const prices = args.includes('--live') ? [] : ['--offline'];
  const child = spawn(command, [...before, ...args, ...prices], {
    cwd: join(import.meta.dirname, '..'),
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  return { child, text: () => text, ended };
}

/** Resolves at the "ready" line; rejects with everything that was printed when the program ends before. */
export async function ready(started: Started): Promise<void> {
  const seen = new Promise<void>((resolve) => {
    const look = (): void => {
      if (started.text().includes('Counterfoil is ready')) resolve();
    };
    started.child.stdout?.on('data', look);
    look();
  });
  await Promise.race([
    seen,
    started.ended.then((code) => {
      throw new Error(`ended with ${code} before it was ready:\n${started.text()}`);
    }),
  ]);
}

/** The signal goes to the whole group, as Ctrl-C in a terminal does. */
export function signalGroup(started: Started, signal: NodeJS.Signals): void {
  process.kill(-(started.child.pid ?? 0), signal);
}

/** A process and everything that it started, directly or not. */
export function descendants(pid: number): readonly number[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // The name in parentheses may hold spaces; the parent is the second field after it.
      const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      parents.set(Number(name), Number(parent));
    } catch {
      // It ended meanwhile.
    }
  }
  const found = [pid];
  for (const above of found) {
    for (const [child, parent] of parents) if (parent === above) found.push(child);
  }
  return found;
}

/** Processes of this machine whose command line names `text`. */
export function processesNaming(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(text));
}
