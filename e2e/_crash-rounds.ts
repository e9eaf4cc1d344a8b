/** Kills programs at the points of the write path, and says what must hold afterwards. */
import assert from 'node:assert/strict';
import { hexOf } from '@counterfoil/log';
import { openDatabase } from '@counterfoil/server';
import type { LeafPayload } from '@counterfoil/vocabulary/protocol';
import type { ProgramName } from '../packages/desk/src/desk.ts';
import { Load } from './_crash-load.ts';
import { contradictions } from './_crash-verdict.ts';
import { Installation, type Placed, type VenueOrder } from './_installation.ts';

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

/** Orders that pass a point before the kill, at most: which of several at once is hit differs from kill to kill. */
const PASSED_MAX = 4;
/** Of an account the exchange keeps so many ended orders; what it holds is taken down in time. */
const KEPT_MAX = 20_000;

/** `program` is killed when the gate stands at `point`, in an order of the load's, or in one that is placed for it. */
async function round(
  installation: Installation,
  program: ProgramName,
  point: string,
  load: Load | null,
): Promise<boolean> {
  let killed = false;
  let passing = load === null ? 0 : Math.floor(Math.random() * PASSED_MAX);
  installation.onPoint = (reached) => {
    if (killed || reached !== point || passing-- > 0) return;
    killed = true;
    installation.kill(program);
  };
  if (load === null) await installation.place();
  // The answer may come before its own point is passed, and the restart begins a moment after the kill.
  await installation.until(`the gate reaches ${point}`, () => Promise.resolve(killed));
  installation.onPoint = () => {};
  await new Promise((resolve) => setTimeout(resolve, 100));
  await installation.well();
  return killed;
}

export interface CrashReport {
  readonly rounds: number;
  readonly states: Readonly<Record<string, number>>;
  /** Uses of the key: sign leaves of orders. */
  readonly signed: number;
  /** Those whose gate ended before it knew their outcome; a later one found out by client order id. */
  readonly resolvedLater: number;
}

/**
 * `rounds` for every point and program, spread over at least `signedMin` orders where that is above zero. Throws where
 * anything was doubled, lost, unlogged or left unknown.
 */
export async function crashRounds(
  rounds: number,
  signedMin: number,
  progress: (line: string) => void,
): Promise<CrashReport> {
  const installation = await Installation.start('test');
  const load = signedMin > 0 ? new Load(installation) : null;
  const venue = new VenueRecord(installation);
  try {
    const kills = rounds * POINTS.length * PROGRAMS.length;
    let count = 0;
    for (const point of POINTS) {
      for (const program of PROGRAMS) {
        for (let i = 0; i < rounds; i++) {
          assert.ok(await round(installation, program, point, load), `${program} was killed ${point}`);
          count += 1;
          if (load !== null) await reached(load, Math.ceil((count * signedMin) / kills), installation);
          await venue.keepUp();
        }
        progress(
          `${program} killed ${point}: ${rounds}${load === null ? '' : `, ${load.used} orders so far`}`,
        );
      }
    }
    await load?.stop();
    const placed = await settledInLedger(installation);
    const venueOrders = await venue.all();
    await installation.stop();
    const leaves = await installation.leaves();
    assert.deepEqual(contradictions(placed, venueOrders, leaves), []);
    const states: Record<string, number> = {};
    for (const { state } of placed) states[state] = (states[state] ?? 0) + 1;
    return { rounds: count, states, ...usesIn(leaves) };
  } finally {
    await load?.stop();
    await installation.stop();
    installation.remove();
  }
}

/** Waits until so many orders were placed. A lane that cannot place says why in the ledger; it must not stand still. */
async function reached(load: Load, count: number, installation: Installation): Promise<void> {
  while (load.used < count) {
    const before = load.used;
    await installation.until('orders go on', () => Promise.resolve(load.used > before));
  }
}

/** The orders of the venue, taken down before it forgets the oldest. */
class VenueRecord {
  readonly #installation: Installation;
  readonly #orders = new Map<number, VenueOrder>();
  #rounds = 0;

  constructor(installation: Installation) {
    this.#installation = installation;
  }

  async keepUp(): Promise<void> {
    this.#rounds += 1;
    if (this.#rounds % 100 === 0) await this.all();
  }

  async all(): Promise<readonly VenueOrder[]> {
    const before = this.#orders.size;
    const kept = await this.#installation.venueOrders();
    for (const order of kept) this.#orders.set(order.orderId, order);
    assert.ok(this.#orders.size - before < KEPT_MAX, 'no order was forgotten between two looks');
    return [...this.#orders.values()];
  }
}

/** Every order by hand in the ledger, once nothing is unknown. */
async function settledInLedger(installation: Installation): Promise<readonly Placed[]> {
  const database = await openDatabase({ url: installation.desk.database?.url ?? '' });
  try {
    let orders: readonly Placed[] = [];
    await installation.until('every unknown is resolved', async () => {
      const { rows } = await database.pool.query<Placed & { seq: bigint }>(
        `select seq, state, client_order_id as "clientOrderId", receipt from intent where order_name is null order by seq`,
      );
      orders = rows.map((row) => ({ ...row, seq: Number(row.seq) }));
      return orders.every(({ state }) => state !== 'unknown' && state !== 'journalled');
    });
    return orders;
  } finally {
    await database.close();
  }
}

function usesIn(leaves: readonly LeafPayload[]): Pick<CrashReport, 'signed' | 'resolvedLater'> {
  const outcomes = new Map<number, string>();
  for (const leaf of leaves)
    if (leaf.kind === 'result' && leaf.outcome !== 'unknown' && !outcomes.has(leaf.of))
      outcomes.set(leaf.of, hexOf(leaf.boot));
  const signs = leaves.filter((leaf) => leaf.kind === 'sign' && leaf.method === 'orderCreate');
  const resolvedLater = signs.filter(({ seq, boot }) => outcomes.get(seq) !== hexOf(boot));
  return { signed: signs.length, resolvedLater: resolvedLater.length };
}
