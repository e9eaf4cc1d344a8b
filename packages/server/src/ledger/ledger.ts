/**
 * Fenced group commit: what waits while a commit is under way goes into the next one together, one disk sync for all
 * of it. Each transaction touches one owner (ARCHITECTURE.md, "Data folder"), so the queues are per owner.
 */
import { DatabaseError, type Pool } from 'pg';
import type { Append, AppendResult } from './append.ts';
import { appendStatement, STALE } from './append-statement.ts';
import type { Settlement } from './settlement.ts';

/** Appends per commit: beyond it a batch took longer than the sync that it saves. */
const BATCH_MAX = 256;
/** Of one owner: while the database works at one, the next is put together, and neither waits for the other's sync. */
const IN_FLIGHT_MAX = 2;
/** Fewer are not spread over two commits: each costs the database as much as moving ten bots. */
const SPREAD_MIN = 16;

interface WaitingAppend {
  readonly append: Append;
  readonly resolve: (result: AppendResult) => void;
  readonly reject: (error: unknown) => void;
}

interface WaitingSettlement {
  readonly settlement: Settlement;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface OwnerQueue {
  appends: WaitingAppend[];
  settlements: WaitingSettlement[];
  /** Bots in a commit that is under way: what else they have waits, so that a bot's writes keep their order. */
  readonly moving: Set<string>;
  inFlight: number;
  isWoken: boolean;
}

export class Ledger {
  readonly #pool: Pool;
  readonly #queues = new Map<string, OwnerQueue>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Durable when it resolves with `committed`. A rejection says nothing: read the bot again before going on. */
  append(append: Append): Promise<AppendResult> {
    return new Promise((resolve, reject) => {
      this.#queueOf(append.owner).appends.push({ append, resolve, reject });
      this.#flush(append.owner);
    });
  }

  /** Nothing is written where another worker has the shard: that worker asks for itself. */
  settle(settlement: Settlement): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queueOf(settlement.owner).settlements.push({ settlement, resolve, reject });
      this.#flush(settlement.owner);
    });
  }

  #queueOf(owner: string): OwnerQueue {
    let queue = this.#queues.get(owner);
    if (queue === undefined) {
      queue = { appends: [], settlements: [], moving: new Set(), inFlight: 0, isWoken: false };
      this.#queues.set(owner, queue);
    }
    return queue;
  }

  /**
   * One turn later, so that all who were woken by the last commit are in the next one: without it every second commit
   * held a single append.
   */
  #flush(owner: string): void {
    const queue = this.#queueOf(owner);
    if (queue.isWoken || queue.inFlight === IN_FLIGHT_MAX) return;
    queue.isWoken = true;
    setImmediate(() => {
      queue.isWoken = false;
      const appends = takeAppends(queue);
      const settlements = takeSettlements(queue);
      if (appends.length === 0 && settlements.length === 0) {
        if (queue.inFlight === 0) this.#queues.delete(owner);
        return;
      }
      const bots = [
        ...appends.map(({ append }) => append.bot),
        ...settlements.map(({ settlement }) => settlement.bot),
      ];
      for (const bot of bots) queue.moving.add(bot);
      queue.inFlight += 1;
      void this.#commit(owner, appends, settlements).finally(() => {
        for (const bot of bots) queue.moving.delete(bot);
        queue.inFlight -= 1;
        this.#flush(owner);
      });
      this.#flush(owner);
    });
  }

  async #commit(
    owner: string,
    appends: readonly WaitingAppend[],
    settlements: readonly WaitingSettlement[],
  ): Promise<void> {
    try {
      const statement = appendStatement(
        owner,
        appends.map((one) => one.append),
        settlements.map((one) => one.settlement),
      );
      await this.#pool.query(statement);
    } catch (error) {
      if (isStale(error)) return this.#commitApart(owner, appends, settlements);
      for (const { reject } of [...appends, ...settlements]) reject(error);
      return;
    }
    for (const { resolve } of appends) resolve('committed');
    for (const { resolve } of settlements) resolve();
  }

  /** One of them is stale, and nothing was written: each on its own, so that nobody pays for another's takeover. */
  async #commitApart(
    owner: string,
    appends: readonly WaitingAppend[],
    settlements: readonly WaitingSettlement[],
  ): Promise<void> {
    const [first] = appends;
    if (appends.length === 1 && settlements.length === 0) return first?.resolve('stale');
    for (const one of appends) await this.#commit(owner, [one], []);
    if (settlements.length > 0) await this.#commit(owner, [], settlements);
  }
}

function isStale(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === STALE;
}

/** One bot moves once per commit: its second append waits for the next. */
function takeAppends(queue: OwnerQueue): WaitingAppend[] {
  const share = Math.ceil(queue.appends.length / (IN_FLIGHT_MAX - queue.inFlight));
  const most = Math.min(Math.max(share, SPREAD_MIN), BATCH_MAX);
  const taken: WaitingAppend[] = [];
  const left: WaitingAppend[] = [];
  const bots = new Set(queue.moving);
  for (const one of queue.appends) {
    if (taken.length < most && !bots.has(one.append.bot)) taken.push(one);
    else left.push(one);
    bots.add(one.append.bot);
  }
  queue.appends = left;
  return taken;
}

/** One intent is settled once per commit, in the order of the calls. */
function takeSettlements(queue: OwnerQueue): WaitingSettlement[] {
  const taken: WaitingSettlement[] = [];
  const left: WaitingSettlement[] = [];
  const intents = new Set<string>();
  for (const one of queue.settlements) {
    const { bot, seq } = one.settlement;
    const name = `${bot}/${seq}`;
    if (taken.length < BATCH_MAX && !intents.has(name) && !queue.moving.has(bot)) taken.push(one);
    else left.push(one);
    intents.add(name);
  }
  queue.settlements = left;
  return taken;
}
