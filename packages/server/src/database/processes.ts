import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemCode } from './folder-errors.ts';

/**
 * The command line of every process of this machine. Linux is read from `/proc`, because slim images have no
 * `ps`; `/proc/<pid>/cmdline` is readable for every user, whereas `cwd` and `exe` are closed to a container's root.
 */
export function runningCommands(): ReadonlyMap<number, string> {
  return process.platform === 'linux' ? commandsFromProc() : commandsFromPs();
}

function commandsFromProc(): ReadonlyMap<number, string> {
  const pids = readdirSync('/proc').filter((entry) => /^\d+$/.test(entry));
  return new Map(pids.map((pid) => [Number(pid), commandFromProc(pid)]));
}

function commandFromProc(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch (error) {
    // A process may end between the listing and the reading.
    if (['ENOENT', 'ESRCH', 'EACCES'].includes(systemCode(error))) return '';
    throw error;
  }
}

function commandsFromPs(): ReadonlyMap<number, string> {
  const { stdout } = spawnSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' });
  const commands = new Map<number, string>();
  for (const line of stdout.split('\n')) {
    const [, pid, command] = /^\s*(\d+)\s+(.*)$/.exec(line) ?? [];
    if (pid !== undefined && command !== undefined) commands.set(Number(pid), command);
  }
  return commands;
}

/** Sends a signal; a process that is already gone is what the caller wanted. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if (systemCode(error) !== 'ESRCH') throw error;
  }
}

/** Waits until none of the processes is left; `false` if one still is after `waitMs`. */
export async function gone(pids: readonly number[], waitMs: number): Promise<boolean> {
  const until = performance.now() + waitMs;
  while (pids.some(isRunning)) {
    if (performance.now() > until) return false;
    await sleep(20);
  }
  return true;
}

// A process that ended and was not collected yet keeps its number, takes signals, and has no command line.
function isRunning(pid: number): boolean {
  if (process.platform === 'linux') return commandFromProc(String(pid)) !== '';
  return !/^(Z|$)/.test(
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim(),
  );
}
