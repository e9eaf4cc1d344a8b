import type { ChildProcess } from 'node:child_process';
import { closeSync, statfsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../start-error.ts';
import { isNoSpace, lastLine } from './cluster.ts';
import { noSpace } from './folder-errors.ts';
import type { Place } from './place.ts';
import { keepBounded, logSize, openPostgresLog, readSince } from './postgres-log.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { explainLaunch, launch, type Programs } from './programs.ts';

/** How PostgreSQL ended. `expected` is true after `stop()`. */
export interface DatabaseExit {
  readonly expected: boolean;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A postmaster that accepts connections. */
export interface Postmaster {
  /** Resolves once, when it ended for whatever reason; never rejects. */
  readonly exited: Promise<DatabaseExit>;
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

// Recovery replays at most max_wal_size; 0.6 to 2.2 s were measured. A disk a hundred times slower still fits.
const readyMsMax = 180_000;
const readyEveryMs = 10;
// Fast shutdown rolls back what is open and writes a checkpoint; after the bound, immediate shutdown leaves
// the rest to recovery, which loses nothing that was acknowledged.
const stopSteps = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
] as const;
// Less than this left on the disk explains a failed start even if the log could not be written any more.
const freeBytesMin = 16 * 1024 * 1024;

/** Starts the postmaster of a place and waits until it accepts connections, through crash recovery if need be. */
export async function startPostmaster(programs: Programs): Promise<Postmaster> {
  const { place } = programs;
  const { child, logStart } = spawnPostmaster(programs);
  const watch = watchChild(child, keepBounded(place.log));
  const until = performance.now() + readyMsMax;
  for (;;) {
    if (watch.launchError() !== undefined) throw explainLaunch(watch.launchError());
    if (watch.hasEnded()) throw explainEnd(place, readSince(place.log, logStart));
    const file = readPostmasterFile(place.cluster);
    if (file?.ready === true && file.pid === child.pid) {
      return { exited: watch.exited, stop: watch.stop, kill: watch.kill };
    }
    if (performance.now() > until) {
      await watch.stop();
      throw explainEnd(place, `it was not ready after ${readyMsMax / 1000} s.`);
    }
    await sleep(readyEveryMs);
  }
}

interface Watch {
  readonly exited: Promise<DatabaseExit>;
  launchError(): unknown;
  hasEnded(): boolean;
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
}

/** Hears of the child's end, and ends it by ever stronger signals when asked to. */
function watchChild(child: ChildProcess, onEnd: () => void): Watch {
  let stopping = false;
  let ended = false;
  let launchError: unknown;
  const exited = new Promise<DatabaseExit>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = true;
      onEnd();
      resolve({ expected: stopping, code, signal });
    });
  });
  child.once('error', (cause) => {
    launchError = cause;
    onEnd();
  });
  return {
    exited,
    launchError: () => launchError,
    hasEnded: () => ended,
    kill() {
      stopping = true;
      // Immediate shutdown: PostgreSQL ends its own processes, which a SIGKILL would leave to find out.
      child.kill('SIGQUIT');
    },
    async stop() {
      stopping = true;
      for (const [signal, waitMs] of stopSteps) {
        if (ended) return;
        child.kill(signal);
        await Promise.race([exited, sleep(waitMs, undefined, { ref: false })]);
      }
    },
  };
}

function spawnPostmaster(programs: Programs): { readonly child: ChildProcess; readonly logStart: number } {
  const { place } = programs;
  const file = openPostgresLog(place.log);
  try {
    const logStart = logSize(place.log);
    return { child: launch(programs, 'postgres', settings(place), file), logStart };
  } finally {
    closeSync(file);
  }
}

/** The settings that make it private and quiet; everything about durability stays at PostgreSQL's safe defaults. */
function settings(place: Place): string[] {
  const values: Readonly<Record<string, string>> = {
    cluster_name: place.name,
    listen_addresses: '',
    unix_socket_directories: place.socket,
    unix_socket_permissions: '0700',
    port: '5432',
    max_connections: '100',
    // Bounds the log to replay after a crash, and what an idle database keeps on disk.
    max_wal_size: '256MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    // An error and its statement carry values, and with them a user's data. The client that caused it is told;
    // the log keeps what concerns the server itself: LOG, FATAL and PANIC.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
  };
  return [
    '-D',
    place.cluster,
    ...Object.entries(values).flatMap(([key, value]) => ['-c', `${key}=${value}`]),
  ];
}

function explainEnd(place: Place, output: string): StartError {
  const { bavail, bsize } = statfsSync(place.root);
  if (isNoSpace(output) || bavail * bsize < freeBytesMin) return noSpace(place.root);
  return new StartError('postgres-start-failed', [
    `PostgreSQL did not start: ${lastLine(output)}`,
    `No order was sent; what was saved before is still in ${place.cluster}.`,
    `Read ${place.log}, correct that and start again.`,
  ]);
}
