/**
 * The worker in its smallest form: an order is journalled, sent to the gate once, and settled by what the gate says.
 * What a crash leaves open is looked up by its fixed id; it is never sent again.
 */
import type { Kysely } from 'kysely';
import { botId, connectionId } from '@counterfoil/vocabulary';
import type { GateResult, UseRecord } from '@counterfoil/vocabulary/protocol';
import { WireError } from '@counterfoil/wire';
import { isDatabaseAway } from '../database/away.ts';
import type { Tables } from '../database/tables.ts';
import { every } from '../runner/every.ts';
import type { GateSession } from './gate-link.ts';
import { GateLink, type GateLinkOptions } from './gate-link.ts';
import * as intents from './intents.ts';
import type { OrderBody } from './order-body.ts';

/** How long a caller waits for a vault that is being restarted before the order is refused. */
const SESSION_MS_MAX = 5_000;
/** Pause between two questions about an order that the venue does not know (yet). */
const UNKNOWN_RETRY_MS = 1_000;
/** What happened to an order that rests is known this late. */
const RESTING_MS = 5_000;
/** Asked about in one round, in turns: each costs four of the six thousand that an address may ask in a minute. */
const RESTING_MAX = 20;

export interface WorkerOptions extends Omit<GateLinkOptions, 'nextEpoch' | 'onAttached'> {
  readonly database: Kysely<Tables>;
  /** Makes sure of the connections that this worker trades on, at every attachment. */
  readonly prepare: (session: GateSession) => Promise<void>;
}

export class Worker {
  readonly #database: Kysely<Tables>;
  readonly #link: GateLink;
  readonly #log: (line: string) => void;
  readonly #prepare: WorkerOptions['prepare'];
  /** Orders that may still trade, by bot and number; those that were asked about longest ago first. */
  readonly #resting = new Map<string, Resting>();
  readonly #stopFollowing: () => Promise<void>;
  #stopped = false;

  constructor(options: WorkerOptions) {
    this.#database = options.database;
    this.#log = options.log;
    this.#prepare = options.prepare;
    this.#link = new GateLink({
      ...options,
      nextEpoch: () => this.#nextEpoch(),
      onAttached: async (session) => {
        await options.prepare(session);
        for (const row of await intents.restingIntents(this.#database))
          this.#resting.set(nameOf(row), { row, filled: null });
        await this.#resolveOpen(session);
      },
    });
    this.#stopFollowing = every(RESTING_MS, () => this.#followResting(), options.log);
  }

  get attached(): boolean {
    return this.#link.attached;
  }

  /** The line to the gate for what is not an order; null where there is none within `msMax`. */
  session(msMax: number): Promise<GateSession | null> {
    return this.#link.session(msMax);
  }

  /** Places one order; answers with what is known of it then, which may be `unknown`. */
  async place(owner: string, connection: string, bot: string, body: OrderBody): Promise<intents.IntentView> {
    const session = await this.#link.session(SESSION_MS_MAX);
    const row = await intents.journal(this.#database, { owner, bot, connection, body });
    if (session === null) {
      await intents.close(this.#database, row, 'notPlaced', {
        code: 'vault-unavailable',
        sentence: 'The vault is not there; nothing was sent. Try again when it runs.',
      });
    } else {
      await this.#send(session, row);
    }
    const view = await intents.readIntent(this.#database, row);
    if (view === null) throw new Error('an intent that was journalled is gone');
    return view;
  }

  async #send(session: GateSession, row: intents.IntentRow): Promise<void> {
    const { body } = row;
    try {
      const intent = {
        kind: 'orderCreate',
        connection: connectionId.parse(row.connection),
        id: { bot: botId.parse(row.bot), seq: row.seq },
        epoch: session.epoch,
        stopPrice: null,
        trailBps: null,
        ...body,
      } as const;
      let result = await session.ask(intent);
      if (result.kind === 'refused' && result.code === 'key-not-bound') {
        // It was frozen when the vault was attached, and could not be checked then.
        await this.#prepare(session);
        result = await session.ask(intent);
      }
      await this.#record(row, result).catch((error: unknown) => {
        // The gate may have acted, and only the ledger does not know.
        void this.#recordLater(session, row, result);
        throw error;
      });
      if (result.kind === 'use' && !isTold(result.use)) void this.#ask(session, row);
    } catch (error) {
      // The line broke: the next attachment looks the intent up.
      if (!(error instanceof WireError)) throw error;
    }
  }

  /** Writes down what the gate said once the database is there for it. */
  async #recordLater(session: GateSession, row: intents.IntentRow, result: GateResult): Promise<void> {
    while (!this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, UNKNOWN_RETRY_MS));
      try {
        await this.#record(row, result);
        if (result.kind === 'use' && !isTold(result.use)) void this.#ask(session, row);
        return;
      } catch (error) {
        this.#log(`order ${row.bot}/${row.seq}: ${String(error)}`);
        if (!isDatabaseAway(error)) return;
      }
    }
  }

  async #record(row: intents.IntentRow, result: GateResult): Promise<void> {
    if (result.kind === 'use') return this.#settle(row, result.use);
    if (result.kind === 'refused') {
      const { code, sentence } = result;
      return intents.close(this.#database, row, 'refused', { code, sentence });
    }
    throw new Error(`the gate answered an order with ${result.kind}`);
  }

  async #settle(row: intents.IntentRow, use: UseRecord): Promise<void> {
    const name = nameOf(row);
    const filled = use.report?.filledQuantity?.units ?? 0n;
    const isResting = intents.rests(use);
    // Still there as it was written down: nothing is new.
    if (!isResting || this.#resting.get(name)?.filled !== filled)
      await intents.settle(this.#database, row, use);
    this.#resting.delete(name);
    if (isResting) this.#resting.set(name, { row, filled });
  }

  /** Asks how the orders stand that may have traded, or been cancelled at the venue. */
  async #followResting(): Promise<void> {
    if (this.#resting.size === 0) return;
    const session = await this.#link.session(0);
    if (session === null) return;
    for (const [name, resting] of [...this.#resting].slice(0, RESTING_MAX)) {
      const { row } = resting;
      const of = { bot: botId.parse(row.bot), seq: row.seq };
      // One that the vault says nothing of, because its key is frozen, does not hold up the others.
      this.#resting.delete(name);
      this.#resting.set(name, resting);
      try {
        const result = await session.ask({
          kind: 'orderGet',
          connection: connectionId.parse(row.connection),
          of,
        });
        if (result.kind === 'use' && isTold(result.use)) await this.#settle(row, result.use);
      } catch (error) {
        // The line broke: the next round asks on another.
        if (error instanceof WireError) return;
        throw error;
      }
    }
  }

  /** Settles everything that an earlier attachment left open. */
  async #resolveOpen(session: GateSession): Promise<void> {
    for (const row of await intents.openIntents(this.#database)) {
      const of = { bot: botId.parse(row.bot), seq: row.seq };
      const connection = connectionId.parse(row.connection);
      const found = await session.ask({ kind: 'useGet', connection, of, epoch: session.epoch });
      if (found.kind === 'refused' && found.code === 'unknown-intent') {
        // The fence is above every earlier attachment, so it cannot act later either.
        await intents.close(this.#database, row, 'notPlaced', { code: found.code, sentence: found.sentence });
        continue;
      }
      if (found.kind === 'use') await this.#settle(row, found.use);
      if (found.kind === 'use' && !isTold(found.use)) void this.#ask(session, row);
    }
  }

  /** Asks the venue by client order id until it is known what became of an order, and how it stands. */
  async #ask(session: GateSession, row: intents.IntentRow): Promise<void> {
    const of = { bot: botId.parse(row.bot), seq: row.seq };
    const connection = connectionId.parse(row.connection);
    while (!this.#stopped) {
      try {
        const result = await session.ask({ kind: 'orderGet', connection, of });
        if (result.kind === 'use') await this.#settle(row, result.use);
        if (result.kind === 'use' && isTold(result.use)) return;
      } catch (error) {
        // The line broke: the next attachment asks on.
        if (error instanceof WireError) return;
        this.#log(`order ${row.bot}/${row.seq}: ${String(error)}`);
        if (!isDatabaseAway(error)) return;
      }
      await new Promise((resolve) => setTimeout(resolve, UNKNOWN_RETRY_MS));
    }
  }

  async #nextEpoch(): Promise<number> {
    const row = await this.#database
      .updateTable('worker_epoch')
      .set((expression) => ({ epoch: expression('epoch', '+', 1n) }))
      .returning('epoch')
      .executeTakeFirstOrThrow();
    return Number(row.epoch);
  }

  async close(): Promise<void> {
    this.#stopped = true;
    await this.#stopFollowing();
    await this.#link.close();
  }
}

/** An order that may still trade, and what of it had when it was last written down; null before it was asked about. */
interface Resting {
  readonly row: intents.IntentRow;
  readonly filled: bigint | null;
}

function nameOf({ owner, bot, seq }: intents.IntentRow): string {
  return `${owner}/${bot}.${seq}`;
}

/** Whether there is nothing left to ask: an accepted order also has the venue's word on how it stands. */
function isTold(use: UseRecord): boolean {
  return use.state === 'accepted' ? use.report !== null : use.state !== 'unknown';
}
