import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readPostmasterFile } from '../src/database/postmaster-file.ts';
import { runningCommands } from '../src/database/processes.ts';

const ownProgram = fileURLToPath(new URL('_program.ts', import.meta.url));

/** `_program.ts` under way, in a process group of its own. */
export interface RunningProgram {
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  /** Every complete line that it has said. */
  readonly lines: () => readonly string[];
  /** Waits until it has said that many lines or has ended. */
  readonly said: (count: number) => Promise<void>;
}

/** Starts the program; what it says is kept in `output`, and its errors beside it, so that both survive it. */
export function runProgram(args: readonly string[], output: string, program = ownProgram): RunningProgram {
  const file = openSync(output, 'a');
  const errors = openSync(`${output}.errors`, 'a');
  const child = spawn(process.execPath, [program, ...args], {
    detached: true,
    cwd: '/',
    stdio: ['pipe', file, errors],
  });
  for (const each of [file, errors]) closeSync(each);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const lines = (): readonly string[] => readFileSync(output, 'utf8').split('\n').slice(0, -1);
  return {
    child,
    exited,
    lines,
    async said(count) {
      while (lines().length < count && child.exitCode === null && child.signalCode === null) await sleep(10);
    },
  };
}

/** The process id of the postmaster of a data folder whose cluster lies inside it. */
export function postmasterOf(folder: string): number {
  const pid = readPostmasterFile(join(folder, 'postgres', 'cluster'))?.pid;
  if (pid === undefined) throw new Error(`no postmaster in ${folder}`);
  return pid;
}

/** The postmaster of a data folder and all its children. */
export function postgresProcessesOf(folder: string): readonly number[] {
  const commands = runningCommands();
  const postmaster = postmasterOf(folder);
  const name = /cluster_name=(\S+)/.exec(commands.get(postmaster) ?? '')?.[1];
  if (name === undefined) return [];
  return [...commands].filter(([, command]) => command.includes(name)).map(([pid]) => pid);
}
