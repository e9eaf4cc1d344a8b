/**
 * Which shards this worker has. A lease is a row; taking one over raises its epoch above every epoch that was ever
 * given out, and both the ledger and the gate refuse what carries a lower one.
 */
import { createHash } from 'node:crypto';
import type { Pool } from 'pg';

const SHARDS = 64;
/** A worker that was silent this long has lost its bots: two of its renewals failed, and nobody waits over 2 s. */
const LEASE_MS = 1_500;

/**
 * Of the rows under this worker's name those that it holds: what an earlier life of it left behind must run out. Locked
 * in the ledger's order. A commit under way stands in nobody's way here: it is this worker's own. Only a takeover asks
 * for the lock that a commit refuses.
 */
const MINE_IN_ORDER =
  'select id from shard where worker = $1 and id = any($2::int[]) order by id for no key update';

/** The shard of everything that a connection trades. */
export function shardOf(owner: string, connection: string): number {
  const hash = createHash('sha256').update(`${owner}/${connection}`).digest();
  return hash.readUInt32BE(0) % SHARDS;
}

export interface LeaseChange {
  readonly gained: ReadonlyMap<number, number>;
  readonly lost: readonly number[];
}

interface ShardRow {
  readonly id: number;
  readonly epoch: bigint;
}

export class Leases {
  readonly #pool: Pool;
  readonly #worker: string;
  /** Epoch by shard. */
  #held = new Map<number, number>();

  constructor(pool: Pool, worker: string) {
    this.#pool = pool;
    this.#worker = worker;
  }

  get held(): ReadonlyMap<number, number> {
    return this.#held;
  }

  /** Renews what is held, gives back what is too much, takes what nobody holds. */
  async round(): Promise<LeaseChange> {
    const { rows: renewed } = await this.#pool.query<ShardRow>(
      `with mine as (${MINE_IN_ORDER})
       update shard s set until = now() + $3::int * interval '1 ms' from mine where s.id = mine.id
       returning s.id, s.epoch`,
      [this.#worker, [...this.#held.keys()], LEASE_MS],
    );
    const kept = new Map(renewed.map((row) => [row.id, Number(row.epoch)]));
    const lost = [...this.#held].filter(([id, epoch]) => kept.get(id) !== epoch).map(([id]) => id);
    // Rows of an earlier life of this worker are taken like those of a dead one: with a new epoch.
    const mine = new Map([...this.#held].filter(([id]) => !lost.includes(id)));
    this.#held = mine;
    const fair = await this.#fairShare();
    const gained = mine.size < fair ? await this.#take(fair - mine.size) : new Map<number, number>();
    for (const id of [...mine.keys()].slice(fair)) {
      await this.#giveBack(id);
      lost.push(id);
    }
    return { gained, lost };
  }

  /** A new epoch for everything held: nothing that was sent before can act after. */
  async renewEpochs(): Promise<number> {
    const epoch = await this.#nextEpoch();
    const { rows } = await this.#pool.query<{ readonly id: number }>(
      `with mine as (${MINE_IN_ORDER})
       update shard s set epoch = $3 from mine where s.id = mine.id returning s.id`,
      [this.#worker, [...this.#held.keys()], epoch],
    );
    this.#held = new Map(rows.map(({ id }) => [id, epoch]));
    return epoch;
  }

  /** Treats a shard as lost: the next round takes it again, with a new epoch. */
  forget(shard: number): void {
    this.#held.delete(shard);
  }

  async giveUp(): Promise<void> {
    for (const id of this.#held.keys()) await this.#giveBack(id);
    await this.#pool.query('delete from worker where id = $1', [this.#worker]);
  }

  async #fairShare(): Promise<number> {
    const { rows } = await this.#pool.query<{ readonly alive: bigint }>(
      `with me as (insert into worker (id) values ($1) on conflict (id) do update set seen_at = now()),
         gone as (delete from worker where seen_at < now() - interval '1 minute' and id <> $1)
       select count(*) as alive from worker where id <> $1 and seen_at > now() - $2::int * interval '1 ms'`,
      [this.#worker, LEASE_MS],
    );
    return Math.ceil(SHARDS / (Number(rows[0]?.alive ?? 0) + 1));
  }

  async #take(count: number): Promise<ReadonlyMap<number, number>> {
    const free = `(until < now() or (worker = $1 and not id = any($2::int[])))`;
    const held = [...this.#held.keys()];
    const { rows: waiting } = await this.#pool.query(`select from shard where ${free} limit 1`, [
      this.#worker,
      held,
    ]);
    if (waiting.length === 0) return new Map();
    const epoch = await this.#nextEpoch();
    const { rows } = await this.#pool.query<{ readonly id: number }>(
      `update shard set worker = $1, epoch = $3, until = now() + $4::int * interval '1 ms'
       where id in (select id from shard where ${free} order by id limit $5 for update skip locked)
       returning id`,
      [this.#worker, held, epoch, LEASE_MS, count],
    );
    const gained = new Map(rows.map(({ id }) => [id, epoch]));
    for (const [id] of gained) this.#held.set(id, epoch);
    return gained;
  }

  async #giveBack(id: number): Promise<void> {
    this.#held.delete(id);
    await this.#pool.query(
      `update shard set worker = null, until = '-infinity' where id = $1 and worker = $2`,
      [id, this.#worker],
    );
  }

  async #nextEpoch(): Promise<number> {
    const { rows } = await this.#pool.query<{ readonly epoch: bigint }>(
      'update worker_epoch set epoch = epoch + 1 returning epoch',
    );
    return Number(rows[0]?.epoch);
  }
}
