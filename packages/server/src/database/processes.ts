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
  const commands = new Map<number, string>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      commands.set(
        Number(entry),
        readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ').trim(),
      );
    } catch (error) {
      // A process may end between the listing and the reading.
      if (!['ENOENT', 'ESRCH', 'EACCES'].includes(systemCode(error))) throw error;
    }
  }
  return commands;
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
  for (;;) {
    // An ended child that nobody has waited for yet keeps its number with an empty command line.
    const commands = runningCommands();
    if (pids.every((pid) => (commands.get(pid) ?? '') === '')) return true;
    if (performance.now() > until) return false;
    await sleep(20);
  }
}
