import type { ChildProcess } from 'node:child_process';

const running = new Set<ChildProcess>();

/** Ends `child` and everything it started, at once. Safe to call when it has ended already. */
export function stopGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing of the group is left.
  }
}

/** Remembers `child` until the returned function is called, so that `stopAll` finds it. */
export function watch(child: ChildProcess): () => void {
  running.add(child);
  return () => running.delete(child);
}

/** Ends every watched child: the groups are not the terminal's, so Ctrl-C does not reach them by itself. */
export function stopAll(): void {
  for (const child of running) stopGroup(child);
}
