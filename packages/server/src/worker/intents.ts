/**
 * The ledger of intents by hand: the fixed id first, then the outcome. Every change is committed together with the
 * event that tells it, so whoever follows the stream misses none and hears of none that did not happen.
 */
import type { Order } from '@counterfoil/api';
import { type Kysely, type Transaction, type Updateable, sql } from 'kysely';
import type { UseRecord } from '@counterfoil/vocabulary/protocol';
import { type Decimal, formatDecimal } from '@counterfoil/vocabulary';
import type { IntentState, Tables } from '../database/tables.ts';
import { orderOf, orderRows } from '../http/trading/order-views.ts';
import { tellWatchers } from '../notifications/outbox-writer.ts';
import { type OrderBody, orderBody } from './order-body.ts';

export interface IntentName {
  readonly owner: string;
  readonly bot: string;
  readonly seq: number;
}

export interface IntentRow extends IntentName {
  readonly connection: string;
  readonly body: OrderBody;
  readonly state: IntentState;
}

/** Gives the intent its sequence and makes it durable: from here on it exists, whatever happens. */
export async function journal(
  database: Kysely<Tables>,
  about: {
    readonly owner: string;
    readonly bot: string;
    readonly connection: string;
    readonly body: OrderBody;
  },
): Promise<IntentRow> {
  const { owner, bot, connection, body } = about;
  return database.transaction().execute(async (transaction) => {
    const { last } = await transaction
      .insertInto('bot_sequence')
      .values({ owner, bot, last: 1n })
      .onConflict((conflict) =>
        conflict.columns(['owner', 'bot']).doUpdateSet({ last: sql<bigint>`bot_sequence.last + 1` }),
      )
      .returning('last')
      .executeTakeFirstOrThrow();
    await transaction
      .insertInto('intent')
      .values({
        owner,
        bot,
        seq: last,
        connection,
        body: JSON.stringify(orderBody.encode(body, 'order')),
        state: 'journalled',
        client_order_id: null,
        outcome: null,
        receipt: null,
      })
      .execute();
    const row: IntentRow = { owner, bot, seq: Number(last), connection, body, state: 'journalled' };
    await tell(transaction, owner, await viewOf(transaction, row));
    return row;
  });
}

/** What the gate said. A receipt that is known is never replaced by nothing. */
export function settle(database: Kysely<Tables>, name: IntentName, use: UseRecord): Promise<void> {
  return change(database, name, {
    state: use.state,
    client_order_id: use.clientOrderId,
    outcome: JSON.stringify(outcomeOf(use)),
    settled_at: use.state === 'unknown' ? null : new Date(),
    ...(use.receipt === null ? {} : { receipt: use.receipt }),
  });
}

/** The intent will never act: it was refused, or no key was used for it and none can be any more. */
export function close(
  database: Kysely<Tables>,
  name: IntentName,
  state: 'refused' | 'notPlaced',
  outcome: Readonly<Record<string, string>>,
): Promise<void> {
  return change(database, name, { state, outcome: JSON.stringify(outcome), settled_at: new Date() });
}

function change(database: Kysely<Tables>, name: IntentName, to: Updateable<Tables['intent']>): Promise<void> {
  const { owner, bot, seq } = name;
  return database.transaction().execute(async (transaction) => {
    const before = await viewOf(transaction, name);
    await transaction
      .updateTable('intent')
      .set(to)
      .where('owner', '=', owner)
      .where('bot', '=', bot)
      .where('seq', '=', BigInt(seq))
      .execute();
    const after = await viewOf(transaction, name);
    // An unknown is asked about every second: who watches hears of what is new.
    if (JSON.stringify(after) !== JSON.stringify(before)) await tell(transaction, owner, after);
  });
}

async function viewOf(
  transaction: Transaction<Tables>,
  { owner, bot, seq }: IntentName,
): Promise<Order | null> {
  const which = { owner, bot, seq: BigInt(seq), deal: null, open: null, after: null, limit: 1 };
  const [row] = await orderRows(transaction, which);
  return row === undefined ? null : orderOf(row);
}

/** Last in its transaction: all that is told to an owner waits for this one's commit. */
async function tell(transaction: Transaction<Tables>, owner: string, order: Order | null): Promise<void> {
  if (order !== null) await tellWatchers(transaction, owner, { type: 'order', order });
}

/** Intents of orders placed by hand whose outcome nobody knows yet, oldest first; bots look after their own. */
export async function openIntents(database: Kysely<Tables>): Promise<readonly IntentRow[]> {
  const rows = await database
    .selectFrom('intent')
    .select(['owner', 'bot', 'seq', 'connection', 'body', 'state'])
    .where('state', 'in', ['journalled', 'unknown'])
    .where('order_name', 'is', null)
    .orderBy('journalled_at')
    .execute();
  return rows.map((row) => ({ ...row, seq: Number(row.seq), body: orderBody.decode(row.body, 'order') }));
}

/** Orders placed by hand that rested at the venue when it was last asked; bots look after their own. */
export async function restingIntents(database: Kysely<Tables>): Promise<readonly IntentRow[]> {
  const rows = await database
    .selectFrom('bot_sequence as hand')
    .innerJoin('intent', (join) =>
      join.onRef('intent.owner', '=', 'hand.owner').onRef('intent.bot', '=', 'hand.bot'),
    )
    .select(['intent.owner', 'intent.bot', 'intent.seq', 'intent.connection', 'intent.body', 'intent.state'])
    .where('intent.state', '=', 'accepted')
    .where(sql<string>`intent.outcome ->> 'orderState'`, 'in', [...RESTING])
    .orderBy('intent.journalled_at')
    .execute();
  return rows.map((row) => ({ ...row, seq: Number(row.seq), body: orderBody.decode(row.body, 'order') }));
}

/** States of an order that may still trade. */
const RESTING: ReadonlySet<string> = new Set(['acknowledged', 'partiallyFilled']);

/** Whether the venue may still trade an order that stands like this. */
export function rests({ state, report }: UseRecord): boolean {
  return state === 'accepted' && report !== null && RESTING.has(report.state);
}

export interface IntentView {
  readonly bot: string;
  readonly seq: number;
  readonly state: IntentState;
  readonly clientOrderId: string | null;
  readonly outcome: unknown;
  readonly receipt: string | null;
}

export async function readIntent(database: Kysely<Tables>, name: IntentName): Promise<IntentView | null> {
  const row = await database
    .selectFrom('intent')
    .select(['bot', 'seq', 'state', 'client_order_id', 'outcome', 'receipt'])
    .where('owner', '=', name.owner)
    .where('bot', '=', name.bot)
    .where('seq', '=', BigInt(name.seq))
    .executeTakeFirst();
  if (row === undefined) return null;
  const { bot, seq, state, client_order_id: clientOrderId, outcome, receipt } = row;
  return { bot, seq: Number(seq), state, clientOrderId, outcome, receipt };
}

export function outcomeOf(use: UseRecord): Readonly<Record<string, string | number | null>> {
  const { report } = use;
  return {
    venueOrderId: report?.venueOrderId ?? null,
    orderState: report?.state ?? null,
    filledQuantity: text(report?.filledQuantity ?? null),
    filledAmount: text(report?.filledAmount ?? null),
    price: text(report?.price ?? null),
    atMs: report?.atMs ?? null,
    venueCode: use.venueCode,
    venueSentence: use.venueSentence,
  };
}

function text(value: Decimal | null): string | null {
  return value === null ? null : formatDecimal(value);
}
