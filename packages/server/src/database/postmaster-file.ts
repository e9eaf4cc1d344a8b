import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What PostgreSQL writes into `postmaster.pid` (src/include/utils/pidfile.h): one value per line. */
export interface PostmasterFile {
  readonly pid: number;
  readonly ready: boolean;
}

// pidfile.h: LOCK_FILE_LINE_PID 1, LOCK_FILE_LINE_PM_STATUS 8.
const pidLine = 0;
const statusLine = 7;

/** Reads the file of a cluster; `undefined` where there is none or it is not written completely. */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  const path = join(cluster, 'postmaster.pid');
  if (!existsSync(path)) return undefined;
  const lines = readFileSync(path, 'utf8').split('\n');
  // A standalone backend writes its number with a minus sign.
  const pid = Math.abs(Number(lines[pidLine]));
  if (!Number.isSafeInteger(pid) || pid === 0) return undefined;
  return { pid, ready: lines[statusLine]?.trim() === 'ready' };
}
