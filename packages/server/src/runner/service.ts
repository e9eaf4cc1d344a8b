/**
 * Bots, as whoever faces their owner sees them: what is asked is written into the ledger, and read from there. Works
 * in any process that has the database; the bots themselves run where the worker is that has their shard.
 */
import { randomBytes } from 'node:crypto';
import type { Note, Refusal } from '@counterfoil/engine';
import type { Price } from '@counterfoil/vocabulary';
import { type Kysely, sql } from 'kysely';
import type { IntentState, Tables } from '../database/tables.ts';
import type { BotStatus } from '../ledger/append.ts';
import { type ExactJson, fromExactJson, toExactJson } from '../ledger/exact-json.ts';
import { shardOf } from '../ledger/leases.ts';
import { type BotPlan, type BotRequest, checkPlan, marketsOf } from './plan.ts';
import type { StoredParked } from './stored.ts';

export interface BotDraft {
  readonly owner: string;
  readonly name: string;
  /** Id of a connection of the same owner. */
  readonly connection: string;
  readonly plan: BotPlan;
}

export interface BotView {
  readonly id: string;
  readonly name: string;
  readonly connection: string;
  readonly status: BotStatus;
  readonly plan: BotPlan;
  /** The machine's state, `DcaState`, `GridState` or `SmartTradeState` by kind; null before it was started. */
  readonly state: unknown;
  readonly parked: readonly StoredParked[];
  readonly madeAt: Date;
  readonly changedAt: Date;
}

export interface DealView {
  readonly bot: string;
  readonly number: number;
  readonly symbol: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** A `DealResult` of the engine once it has ended; null before. */
  readonly result: unknown;
}

export interface OrderView {
  readonly bot: string;
  readonly seq: number;
  readonly connection: string;
  readonly method: 'create' | 'cancel';
  /** The machine's name of the order; null for orders placed by hand. */
  readonly name: string | null;
  /** The order as it was asked for (`orderBody`), or `{of}` of a cancel. */
  readonly body: unknown;
  readonly state: IntentState;
  readonly clientOrderId: string | null;
  /** The venue's word on it, in decimal text: see `worker/intents.ts`. */
  readonly outcome: unknown;
  readonly hasReceipt: boolean;
  readonly at: Date;
}

/** Amounts in decimal text. */
export interface FillView {
  readonly bot: string | null;
  readonly order: string | null;
  readonly seq: number | null;
  readonly connection: string;
  readonly symbol: string;
  readonly tradeId: string;
  readonly venueOrderId: string;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: string;
  readonly amount: string;
  readonly fee: string;
  readonly feeAsset: string;
  readonly maker: boolean;
  readonly at: Date;
}

/** One entry of an owner's outbox: `id` counts without a gap and is the cursor of whoever follows it. */
export interface OutboxView {
  readonly id: number;
  readonly at: Date;
  readonly kind: string;
  readonly bot: string | null;
  readonly body: unknown;
}

export interface DecisionView {
  readonly at: Date;
  /** What it did or did not do, and on which numbers. */
  readonly notes: readonly Note[];
}

/** A bot's decisions are looked for among so many of its last events: most have one. */
export const EVENTS_BACK = 200;

export interface RequestView {
  readonly id: number;
  readonly done: boolean;
  /** `{ok: true}` or `{ok: false, sentence}` once it is done. */
  readonly outcome: unknown;
}

/** Rows of a page, newest first; `before` is the cursor that the last page's last row gave. */
export interface Page {
  readonly limit: number;
  readonly before?: number | undefined;
}

export class BotService {
  readonly #database: Kysely<Tables>;

  constructor(database: Kysely<Tables>) {
    this.#database = database;
  }

  /** What is impossible about a plan at these prices; empty when it can be created. */
  validate(plan: BotPlan, prices: readonly Price[]): readonly Refusal[] {
    return checkPlan(plan, prices);
  }

  /** The new bot's id. It does nothing until it is asked to start. */
  async create(draft: BotDraft): Promise<string> {
    const { owner, name, connection, plan } = draft;
    if (marketsOf(plan).length === 0) throw new Error('a bot needs a market');
    // 80 bits: nobody guesses one, and two never meet.
    const id = `${plan.kind}-${randomBytes(10).toString('hex')}`;
    await this.#database
      .insertInto('bot')
      .values({
        owner,
        id,
        name,
        kind: plan.kind,
        connection,
        shard: shardOf(owner, connection),
        status: 'created',
        options: toExactJson(plan.options),
      })
      .execute();
    return id;
  }

  /** A new bot with the same plan, not started; null where there is no such bot. */
  async clone(owner: string, bot: string, name: string): Promise<string | null> {
    const found = await this.bot(owner, bot);
    return found === null
      ? null
      : this.create({ owner, name, connection: found.connection, plan: found.plan });
  }

  /** Writes down what is asked of a bot; the id finds its outcome. Its worker takes it within 0.1 s. */
  async request(owner: string, bot: string, request: BotRequest): Promise<number> {
    const { id } = await this.#database
      .insertInto('bot_command')
      .values({ owner, bot, body: toExactJson(request) })
      .returning('id')
      .executeTakeFirstOrThrow();
    return Number(id);
  }

  /** What came of a request; waits for it at most `msMax`. Null where there is no such request. */
  async requested(owner: string, bot: string, id: number, msMax: number): Promise<RequestView | null> {
    const end = Date.now() + msMax;
    for (;;) {
      const row = await this.#database
        .selectFrom('bot_command')
        .select(['done_at', sql<ExactJson | null>`outcome::text`.as('outcome')])
        .where('owner', '=', owner)
        .where('bot', '=', bot)
        .where('id', '=', BigInt(id))
        .executeTakeFirst();
      if (row === undefined) return null;
      if (row.done_at !== null || Date.now() >= end)
        return {
          id,
          done: row.done_at !== null,
          outcome: row.outcome === null ? null : fromExactJson(row.outcome),
        };
      await new Promise((resolve) => setTimeout(resolve, REQUEST_POLL_MS));
    }
  }

  async bots(owner: string): Promise<readonly BotView[]> {
    const rows = await this.#botRows(owner).orderBy('made_at').execute();
    return rows.map(botView);
  }

  async bot(owner: string, id: string): Promise<BotView | null> {
    const row = await this.#botRows(owner).where('id', '=', id).executeTakeFirst();
    return row === undefined ? null : botView(row);
  }

  async deals(owner: string, bot: string | null, limit: number): Promise<readonly DealView[]> {
    let query = this.#database
      .selectFrom('deal')
      .select(['bot', 'number', 'symbol', 'started_at', 'ended_at', sql<ExactJson>`body::text`.as('body')])
      .where('owner', '=', owner);
    if (bot !== null) query = query.where('bot', '=', bot);
    const rows = await query.orderBy('started_at', 'desc').limit(limit).execute();
    return rows.map((row) => ({
      bot: row.bot,
      number: row.number,
      symbol: row.symbol,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      result: row.ended_at === null ? null : fromExactJson(row.body),
    }));
  }

  async orders(owner: string, bot: string, { limit, before }: Page): Promise<readonly OrderView[]> {
    let query = this.#database
      .selectFrom('intent')
      .select([
        'bot',
        'seq',
        'connection',
        'method',
        'order_name',
        'body',
        'state',
        'client_order_id',
        'outcome',
      ])
      .select(['journalled_at', sql<boolean>`receipt is not null`.as('has_receipt')])
      .where('owner', '=', owner)
      .where('bot', '=', bot);
    if (before !== undefined) query = query.where('seq', '<', BigInt(before));
    const rows = await query.orderBy('seq', 'desc').limit(limit).execute();
    return rows.map((row) => ({
      bot: row.bot,
      seq: Number(row.seq),
      connection: row.connection,
      method: row.method,
      name: row.order_name,
      body: row.body,
      state: row.state,
      clientOrderId: row.client_order_id,
      outcome: row.outcome,
      hasReceipt: row.has_receipt,
      at: row.journalled_at,
    }));
  }

  /** The receipt of an order's sign leaf, a C2SP tlog-proof file; null where no key was used. */
  async receipt(owner: string, bot: string, seq: number): Promise<string | null> {
    const row = await this.#database
      .selectFrom('intent')
      .select('receipt')
      .where('owner', '=', owner)
      .where('bot', '=', bot)
      .where('seq', '=', BigInt(seq))
      .executeTakeFirst();
    return row?.receipt ?? null;
  }

  /** Newest first; of one bot, or of a connection with `bot` null. */
  async fills(
    owner: string,
    of: { readonly bot: string } | { readonly connection: string },
    limit: number,
  ): Promise<readonly FillView[]> {
    let query = this.#database
      .selectFrom('fill')
      .select([
        'bot',
        'order_name',
        'intent_seq',
        'connection',
        'symbol',
        'trade_id',
        'venue_order_id',
        'side',
      ])
      .select([decimalText('price'), decimalText('quantity'), decimalText('amount'), decimalText('fee')])
      .select(['fee_asset', 'maker', 'at'])
      .where('owner', '=', owner);
    query = 'bot' in of ? query.where('bot', '=', of.bot) : query.where('connection', '=', of.connection);
    const rows = await query.orderBy('at', 'desc').limit(limit).execute();
    return rows.map((row) => ({
      bot: row.bot,
      order: row.order_name,
      seq: row.intent_seq === null ? null : Number(row.intent_seq),
      connection: row.connection,
      symbol: row.symbol,
      tradeId: row.trade_id,
      venueOrderId: row.venue_order_id,
      side: row.side,
      price: row.price,
      quantity: row.quantity,
      amount: row.amount,
      fee: row.fee,
      feeAsset: row.fee_asset,
      maker: row.maker,
      at: row.at,
    }));
  }

  /**
   * What the bot decided, newest first. An answer that came late and changed nothing is no decision; what its owner
   * asked for is one, also where it changed nothing.
   */
  async decisions(owner: string, bot: string, limit: number): Promise<readonly DecisionView[]> {
    const { rows } = await sql<{ at: Date; asked: boolean; notes: ExactJson }>`
      select e.at, e.event->>'kind' = 'command' as asked, e.notes::text as notes
      from bot b join bot_event e on e.owner = b.owner and e.bot = b.id and e.seq > b.seq - ${EVENTS_BACK}
      where b.owner = ${owner} and b.id = ${bot}
        and exists (
          select from json_array_elements(e.notes) as note
          where note->>'code' <> 'ignored' or e.event->>'kind' = 'command')
      order by e.seq desc limit ${limit}`.execute(this.#database);
    return rows.map(({ at, asked, notes }) => ({
      at,
      // The ledger writes a machine's notes there.
      notes: (fromExactJson(notes) as readonly Note[]).filter(({ code }) => asked || code !== 'ignored'),
    }));
  }

  /** Entries after a cursor, oldest first, without a gap: a stream that goes on where it ended loses nothing. */
  async outbox(owner: string, after: number, limit: number): Promise<readonly OutboxView[]> {
    const rows = await this.#database
      .selectFrom('outbox')
      .select(['id', 'at', 'kind', 'bot', sql<ExactJson>`body::text`.as('body')])
      .where('owner', '=', owner)
      .where('last', '>', BigInt(after))
      .where('id', '>', BigInt(after))
      .orderBy('last')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...row, id: Number(row.id), body: fromExactJson(row.body) }));
  }

  #botRows(owner: string) {
    return this.#database
      .selectFrom('bot')
      .select(['id', 'name', 'kind', 'connection', 'status', 'made_at', 'changed_at'])
      .select([
        sql<ExactJson>`options::text`.as('options'),
        sql<ExactJson | null>`state::text`.as('state'),
        sql<ExactJson>`parked::text`.as('parked'),
      ])
      .where('owner', '=', owner);
  }
}

const REQUEST_POLL_MS = 20;

function decimalText<Name extends 'price' | 'quantity' | 'amount' | 'fee'>(name: Name) {
  return sql<string>`${sql.ref(name)}::text`.as(name);
}

interface BotRow {
  readonly id: string;
  readonly name: string;
  readonly kind: BotPlan['kind'];
  readonly connection: string;
  readonly status: BotStatus;
  readonly made_at: Date;
  readonly changed_at: Date;
  readonly options: ExactJson;
  readonly state: ExactJson | null;
  readonly parked: ExactJson;
}

function botView(row: BotRow): BotView {
  return {
    id: row.id,
    name: row.name,
    connection: row.connection,
    status: row.status,
    // Written by `create` from a plan of this kind.
    plan: { kind: row.kind, options: fromExactJson(row.options) } as BotPlan,
    state: row.state === null ? null : fromExactJson(row.state),
    // Written by the runner.
    parked: fromExactJson(row.parked) as readonly StoredParked[],
    madeAt: row.made_at,
    changedAt: row.changed_at,
  };
}
