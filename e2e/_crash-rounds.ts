/** Kills programs at the points of the write path, and says what must hold afterwards. */
import assert from 'node:assert/strict';
import type { ProgramName } from '../packages/desk/src/desk.ts';
import { Installation, type Placed } from './_installation.ts';

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
    const placed = await settled(installation, count);
    const venueOrders = await installation.venueOrders();
    await installation.stop();
    const leaves = await installation.leaves();

    const signed = new Map<string, number>();
    for (const leaf of leaves) {
      if (leaf.kind !== 'sign' || leaf.method !== 'orderCreate') continue;
      signed.set(leaf.clientOrderId, (signed.get(leaf.clientOrderId) ?? 0) + 1);
    }
    const atVenue = new Map<string, number>();
    for (const order of venueOrders)
      atVenue.set(order.clientOrderId, (atVenue.get(order.clientOrderId) ?? 0) + 1);
    for (const [id, times] of atVenue) {
      assert.equal(times, 1, `order ${id} is at the venue once`);
      assert.equal(signed.get(id), 1, `order ${id} has exactly one sign leaf`);
    }
    const states: Record<string, number> = {};
    for (const order of placed) {
      states[order.state] = (states[order.state] ?? 0) + 1;
      const there = order.clientOrderId !== null && atVenue.has(order.clientOrderId);
      assert.equal(
        there,
        order.state === 'accepted',
        `order ${order.seq} is ${order.state}; at the venue: ${there}`,
      );
    }
    const known = new Set(placed.map((order) => order.clientOrderId));
    for (const id of atVenue.keys()) assert.ok(known.has(id), `order ${id} of the venue is in the ledger`);
    return { rounds: count, states };
  } finally {
    await installation.stop();
    installation.remove();
  }
}

/** The ledger's view of every order once nothing in it is unknown. */
async function settled(installation: Installation, count: number): Promise<readonly Placed[]> {
  let orders: Placed[] = [];
  await installation.until('every unknown is resolved', async () => {
    orders = [];
    for (let seq = 1; seq <= count; seq++) orders.push(await installation.find(seq));
    return orders.every((order) => order.state !== 'unknown' && order.state !== 'journalled');
  });
  return orders;
}
