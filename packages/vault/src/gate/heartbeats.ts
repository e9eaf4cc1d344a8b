/**
 * A leaf a day for every key that is not used: two leaves of one chain say that nothing lies between them, so a
 * silence that no leaf ends could hide one that was left out.
 */
import type { ConnectionId } from '@counterfoil/vocabulary';
import { nowMs } from './clock.ts';
import type { Connection } from './connection.ts';
import type { Logbook } from './logbook.ts';

/** Verifiers take a silence of 25 hours for a fault: the hour is for a vault that was being started again. */
const SILENT_MS_MAX = 24 * 3_600_000;
/** A minute later is early enough, and looking costs microseconds. */
const LOOK_MS = 60_000;

/** Writes a heartbeat wherever one is due, now and from now on. */
export function keepBeating(connections: ReadonlyMap<ConnectionId, Connection>, logbook: Logbook): void {
  const look = (): void => {
    for (const { chain } of connections.values()) {
      // Orders go first; whoever is left out is looked at again in a minute.
      if (logbook.overloaded) return;
      if (chain.silentMs(nowMs()) >= SILENT_MS_MAX) void chain.write(logbook, { kind: 'heartbeat' }).receipt;
    }
  };
  look();
  setInterval(look, LOOK_MS);
}
