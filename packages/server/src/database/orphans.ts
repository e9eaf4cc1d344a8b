import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { partialPrefix } from './cluster.ts';
import type { Log } from './log.ts';
import type { Place } from './place.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { gone, runningCommands, signal } from './processes.ts';
import { socketFile } from './socket-folder.ts';

// Fast shutdown writes a checkpoint, which took under a second on a slow disk; immediate shutdown writes nothing.
const fastWaitMs = 15_000;
const immediateWaitMs = 5_000;

/**
 * Ends what an earlier supervisor left behind when it was killed: a postmaster that lives on without a parent,
 * or backends whose postmaster died. It is replaced rather than adopted: a start takes 70 ms, and a child of
 * our own has the settings of this version and an exit that we hear of.
 *
 * The caller holds the starter lock, so nobody else's running database can be meant.
 */
export async function endOrphans(place: Place, log: Log): Promise<void> {
  const found = postgresOf(place);
  if (found.length > 0) {
    log(`ending ${found.length} PostgreSQL processes that an earlier run left behind`);
    const postmaster = readPostmasterFile(place.cluster)?.pid;
    if (postmaster !== undefined && found.includes(postmaster)) {
      signal(postmaster, 'SIGINT');
      await gone(found, fastWaitMs);
    }
    await endEach(place, 'SIGQUIT');
    await endEach(place, 'SIGKILL');
  }
  // Nothing of ours lives any more. PostgreSQL would take whatever process has the number of the dead one, be it
  // another program or a corpse that nobody collected, for a postmaster and refuse to start.
  for (const left of [
    join(place.cluster, 'postmaster.pid'),
    join(place.socket, socketFile),
    join(place.socket, `${socketFile}.lock`),
  ]) {
    rmSync(left, { force: true });
  }
}

async function endEach(place: Place, name: 'SIGQUIT' | 'SIGKILL'): Promise<void> {
  const left = postgresOf(place);
  for (const pid of left) signal(pid, name);
  await gone(left, immediateWaitMs);
}

function postgresOf(place: Place): number[] {
  return [...runningCommands()].filter(([, command]) => isOf(place, command)).map(([pid]) => pid);
}

/** Whether a command line is that of initdb, a postmaster, or a child: `postgres: counterfoil-…: checkpointer`. */
function isOf(place: Place, command: string): boolean {
  const isInitdb = command.includes(`/bin/initdb --pgdata=${join(place.root, partialPrefix)}`);
  const isPostmaster = command.includes('/bin/postgres -D ') && command.includes(`=${place.name} `);
  return isInitdb || isPostmaster || command.startsWith(`postgres: ${place.name}: `);
}
