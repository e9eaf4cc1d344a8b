/** Kills programs at the points of the write path, and says what must hold afterwards. */
import assert from 'node:assert/strict';
import type { ProgramName } from '../packages/desk/src/desk.ts';
import { contradictions } from './_crash-verdict.ts';
import { Installation } from './_installation.ts';

export const POINTS = [
  'before-leaf',
  'after-leaf',
  'before-send',
  'after-send',
  'before-answer',
  'after-answer',
] as const;
/** The worker lives in the server. */
export const PROGRAMS: readonly ProgramName[] = ['gate', 'builder', 'switch', 'journal', 'server'];

/** One order, during which `program` is killed when the gate stands at `point`. */
async function round(installation: Installation, program: ProgramName, point: string): Promise<boolean> {
  let killed = false;
  installation.onPoint = (reached) => {
    if (killed || reached !== point) return;
    killed = true;
    installation.kill(program);
  };
  await installation.place();
  installation.onPoint = () => {};
  // The answer may come before its own point is passed, and the restart begins a moment after the kill.
  await installation.until(`the gate reaches ${point}`, () => Promise.resolve(killed));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await installation.well();
  return killed;
}

export interface CrashReport {
  readonly rounds: number;
  readonly states: Readonly<Record<string, number>>;
}

/** `rounds` for every point and program; throws where anything was doubled, lost, unlogged or left unknown. */
export async function crashRounds(rounds: number, progress: (line: string) => void): Promise<CrashReport> {
  const installation = await Installation.start('test');
  try {
    let count = 0;
    for (const point of POINTS) {
      for (const program of PROGRAMS) {
        for (let i = 0; i < rounds; i++) {
          assert.ok(await round(installation, program, point), `${program} was killed ${point}`);
          count += 1;
        }
        progress(`${program} killed ${point}: ${rounds}`);
      }
    }
    const placed = await installation.settled(await installation.lastSeq());
    const venueOrders = await installation.venueOrders();
    await installation.stop();
    assert.deepEqual(contradictions(placed, venueOrders, await installation.leaves()), []);
    const states: Record<string, number> = {};
    for (const { state } of placed) states[state] = (states[state] ?? 0) + 1;
    return { rounds: count, states };
  } finally {
    await installation.stop();
    installation.remove();
  }
}
