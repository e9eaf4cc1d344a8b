/**
 * Brakes on guessing: one per account, kept in the database, which rotating addresses do not get around; and one per
 * address, in memory, which trying many accounts does not get around.
 */
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database/tables.ts';
import { HttpProblem } from '../http/problem.ts';

/** Typing errors are free; after that each failure doubles the wait. */
const FREE_FAILURES = 3;
const WAIT_MS_FIRST = 2_000;
/** A locked account is itself an attack on its owner, so the wait ends somewhere. */
const WAIT_MS_MAX = 15 * 60_000;
/** Per address: more than a family behind one router, less than a guesser wants. */
const ADDRESS_FAILURES_MAX = 20;
const ADDRESS_WINDOW_MS = 60_000;
/** Memory for addresses is bounded; beyond it the oldest is forgotten, and the brake per account still holds. */
const ADDRESSES_MAX = 10_000;

export class Brakes {
  readonly #database: Kysely<Tables>;
  readonly #now: () => number;
  readonly #addresses = new Map<string, { failures: number; until: number }>();

  constructor(database: Kysely<Tables>, now: () => number = Date.now) {
    this.#database = database;
    this.#now = now;
  }

  /** Refuses with `too-many` while a brake holds. Call it before a proof is looked at. */
  async check(owner: string, account: string, address: string): Promise<void> {
    this.checkAddress(address);
    const row = await this.#database
      .selectFrom('brake')
      .select('until')
      .where('owner', '=', owner)
      .where('account', '=', account)
      .executeTakeFirst();
    if (row !== undefined) refuseUntil(row.until.getTime(), this.#now());
  }

  checkAddress(address: string): void {
    const seen = this.#addresses.get(address);
    if (seen !== undefined && seen.failures >= ADDRESS_FAILURES_MAX) refuseUntil(seen.until, this.#now());
  }

  async failed(owner: string, account: string, address: string): Promise<void> {
    this.addressFailed(address);
    const now = this.#now();
    const { failures } = await this.#database
      .insertInto('brake')
      .values({ owner, account, failures: 1, until: new Date(now) })
      .onConflict((conflict) =>
        conflict.columns(['owner', 'account']).doUpdateSet({ failures: sql<number>`brake.failures + 1` }),
      )
      .returning('failures')
      .executeTakeFirstOrThrow();
    if (failures <= FREE_FAILURES) return;
    const waitMs = Math.min(WAIT_MS_FIRST * 2 ** Math.min(failures - FREE_FAILURES - 1, 20), WAIT_MS_MAX);
    await this.#database
      .updateTable('brake')
      .set({ until: new Date(now + waitMs) })
      .where('owner', '=', owner)
      .where('account', '=', account)
      .execute();
  }

  addressFailed(address: string): void {
    const now = this.#now();
    const seen = this.#addresses.get(address);
    this.#addresses.delete(address);
    const failures = seen === undefined || seen.until <= now ? 1 : seen.failures + 1;
    this.#addresses.set(address, { failures, until: now + ADDRESS_WINDOW_MS });
    const [oldest] = this.#addresses.keys();
    if (this.#addresses.size > ADDRESSES_MAX && oldest !== undefined) this.#addresses.delete(oldest);
  }

  async succeeded(owner: string, account: string): Promise<void> {
    await this.#database
      .deleteFrom('brake')
      .where('owner', '=', owner)
      .where('account', '=', account)
      .execute();
  }
}

function refuseUntil(until: number, now: number): void {
  const left = Math.ceil((until - now) / 1_000);
  if (left <= 0) return;
  throw new HttpProblem('too-many', `Too many failed tries. Nothing was checked; try again in ${left} s.`, {
    retryAfterSeconds: left,
  });
}
