/** The ledger of intents: the fixed id first, then the outcome. Every change is one committed statement. */
import { type Kysely, sql } from 'kysely';
import type { UseRecord } from '@counterfoil/vocabulary/protocol';
import { type Decimal, formatDecimal } from '@counterfoil/vocabulary';
import type { IntentState, Tables } from '../database/tables.ts';
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
    return { owner, bot, seq: Number(last), connection, body, state: 'journalled' };
  });
}

/** What the gate said. A receipt that is known is never replaced by nothing. */
export async function settle(database: Kysely<Tables>, name: IntentName, use: UseRecord): Promise<void> {
  await database
    .updateTable('intent')
    .set({
      state: use.state,
      client_order_id: use.clientOrderId,
      outcome: JSON.stringify(outcomeOf(use)),
      settled_at: use.state === 'unknown' ? null : new Date(),
      ...(use.receipt === null ? {} : { receipt: use.receipt }),
    })
    .where('owner', '=', name.owner)
    .where('bot', '=', name.bot)
    .where('seq', '=', BigInt(name.seq))
    .execute();
}

/** The intent will never act: it was refused, or no key was used for it and none can be any more. */
export async function close(
  database: Kysely<Tables>,
  name: IntentName,
  state: 'refused' | 'notPlaced',
  outcome: Readonly<Record<string, string>>,
): Promise<void> {
  await database
    .updateTable('intent')
    .set({ state, outcome: JSON.stringify(outcome), settled_at: new Date() })
    .where('owner', '=', name.owner)
    .where('bot', '=', name.bot)
    .where('seq', '=', BigInt(name.seq))
    .execute();
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
