/**
 * The parts of the one statement that moves bots. A part of which a batch has nothing is left out: reading an empty
 * list took as long as moving two bots.
 */
import assert from 'node:assert/strict';
import { orderBody } from '../worker/order-body.ts';
import type { Append } from './append.ts';
import type { Settlement } from './settlement.ts';

/** What one commit writes, all of one owner; no bot has two appends in it. */
export interface Batch {
  readonly appends: readonly Append[];
  readonly settlements: readonly Settlement[];
  /** Of all that is in it, in ascending order. */
  readonly shards: readonly number[];
}

export interface Part {
  /** `?` is the next of its values, `$1` the owner. */
  readonly sql: string;
  /** Null where the batch has nothing for it. */
  readonly values: (batch: Batch) => readonly string[] | null;
}

/**
 * Held until the commit: a takeover waits for it, so nothing of an earlier holder is written after it. A renewal does
 * not: commits that follow each other closely would let no renewal in, until the lease is over.
 */
const lease: Part = {
  sql: `lease as (
    select array_agg(epoch) as epochs
    from (select epoch from shard where id = any(?::int[]) order by id for key share) as held
  )`,
  values: ({ shards }) => (shards.length === 1 ? null : [numbers(shards)]),
};

/** The same for bots of one connection, as they mostly are: a row is found without a list. */
const leaseOfOne: Part = {
  sql: `lease as (
    select array[epoch] as epochs from (select epoch from shard where id = ?::int for key share) as held
  )`,
  values: ({ shards }) => (shards.length === 1 ? shards.map(String) : null),
};

/**
 * Bots at their new position. The owner is compared as a column, so that a planner that knows no numbers yet does not
 * walk through all bots of the owner for each one that moves.
 */
const position = (of: 'kept' | 'changed'): Part => ({
  sql: `moved as (
    update bot b set seq = i.seq, intent_seq = i.intent_seq, status = i.status, state = i.state, parked = i.parked,
      ${of === 'kept' ? '' : 'options = coalesce(i.options, b.options),'} changed_at = now()
    from (
      select $1 as owner, ${text('bot')}, unnest(?::int[]) as lease, unnest(?::bigint[]) as epoch,
        unnest(?::bigint[]) as after, unnest(?::bigint[]) as seq, unnest(?::bigint[]) as intent_seq,
        ${text('status')}, ${json('state')}, ${json('parked')}${of === 'kept' ? '' : `, ${json('options')}`}
    ) as i
    where ((select epochs from lease))[i.lease] = i.epoch
      and b.owner = i.owner and b.id = i.bot and b.seq = i.after
    returning 1
  )`,
  values: ({ appends, shards }) => {
    const isChanged = appends.some((one) => one.options !== null);
    if (appends.length === 0 || isChanged !== (of === 'changed')) return null;
    const each = (value: (append: Append) => number): string => numbers(appends.map(value));
    const lined = (value: (append: Append) => string | null): string => lines(appends.map(value));
    return [
      lined((one) => one.bot),
      each((one) => placeOf(one, shards)),
      each((one) => one.epoch),
      each((one) => one.after),
      each((one) => one.position.seq),
      each((one) => one.position.intentSeq),
      lined((one) => one.position.status),
      lined((one) => one.position.state),
      lined((one) => one.position.parked),
      ...(isChanged ? [lined((one) => one.options)] : []),
    ];
  },
});

/** Options change only when the owner says so. */
const moved = position('kept');
const movedWithOptions = position('changed');

const events: Part = {
  sql: `events as (
    insert into bot_event (owner, bot, seq, epoch, event, notes)
    select $1, ${text('bot')}, unnest(?::bigint[]), unnest(?::bigint[]), ${json('event')}, ${json('notes')}
  )`,
  values: ({ appends }) => {
    const told = appends.flatMap(eventRows);
    if (told.length === 0) return null;
    return [
      lines(told.map((one) => one.bot)),
      numbers(told.map((one) => one.seq)),
      numbers(told.map((one) => one.epoch)),
      lines(told.map((one) => one.event)),
      lines(told.map((one) => one.notes)),
    ];
  },
};

const intents: Part = {
  sql: `intents as (
    insert into intent (owner, bot, seq, connection, method, order_name, body, state)
    select $1, e.bot, e.seq, e.connection, e.method, e.order_name, e.body, 'journalled'
    from json_to_recordset(?::json) as e(bot text, seq bigint, connection text, method text, order_name text,
      body jsonb)
  )`,
  values: ({ appends }) => rows(appends.flatMap(intentRows)),
};

const fills: Part = {
  sql: `fills as (
    insert into fill (owner, connection, symbol, trade_id, bot, order_name, intent_seq, venue_order_id, side, price,
      quantity, amount, fee, fee_asset, maker, at)
    select $1, e.connection, e.symbol, e.trade_id, e.bot, e.order_name, e.intent_seq, e.venue_order_id, e.side, e.price,
      e.quantity, e.amount, e.fee, e.fee_asset, e.maker, to_timestamp(e.at_ms / 1000.0)
    from json_to_recordset(?::json) as e(bot text, connection text, symbol text, trade_id text, order_name text,
      intent_seq bigint, venue_order_id text, side text, price numeric, quantity numeric, amount numeric, fee numeric,
      fee_asset text, maker boolean, at_ms bigint)
    on conflict do nothing
  )`,
  values: ({ appends }) => rows(appends.flatMap(fillRows)),
};

const deals: Part = {
  sql: `deals as (
    insert into deal (owner, bot, number, symbol, started_at, ended_at, body)
    select $1, e.bot, e.number, e.symbol, to_timestamp(e.started_ms / 1000.0), to_timestamp(e.ended_ms / 1000.0), e.body
    from json_to_recordset(?::json) as e(bot text, number int, symbol text, started_ms bigint, ended_ms bigint,
      body json)
    on conflict (owner, bot, number) do update set ended_at = excluded.ended_at, body = excluded.body
  )`,
  values: ({ appends }) => rows(appends.flatMap(dealRows)),
};

const commands: Part = {
  sql: `commands as (
    update bot_command c set done_at = now(), outcome = e.outcome
    from json_to_recordset(?::json) as e(bot text, id bigint, outcome json)
    where c.owner = $1 and c.bot = e.bot and c.id = e.id
  )`,
  values: ({ appends }) => rows(appends.flatMap(commandRows)),
};

const settled: Part = {
  sql: `settled as (
    update intent i set state = e.state, client_order_id = coalesce(e.client_order_id, i.client_order_id),
      outcome = e.outcome, receipt = coalesce(e.receipt, i.receipt),
      settled_at = case when e.state = 'unknown' then null else now() end
    from json_to_recordset(?::json) as e(bot text, seq bigint, lease int, epoch bigint, state text,
      client_order_id text, outcome jsonb, receipt text)
    where ((select epochs from lease))[e.lease] = e.epoch and i.owner = $1 and i.bot = e.bot and i.seq = e.seq
  )`,
  values: ({ settlements, shards }) => rows(settlements.map((one) => settlementRow(one, shards))),
};

/** What people are told, in one row a commit. */
const outbox: Part = {
  sql: `head as (
    insert into outbox_head as h (owner, last) values ($1, ?::bigint)
    on conflict (owner) do update set last = h.last + excluded.last
    returning last
  ),
  batch as (
    insert into outbox_batch (owner, first, last, entries) select $1, last - ?::bigint + 1, last, ?::json from head
  )`,
  values: ({ appends }) => {
    const told = appends.flatMap(toldBy);
    if (told.length === 0) return null;
    const count = String(told.length);
    return [count, count, `[${told.join(',')}]`];
  },
};

/**
 * In the order of the statement. The database writes what nobody reads from in the reverse of it: the head of the
 * outbox, where all commits of an owner meet, is locked last.
 */
export const parts: readonly Part[] = [
  outbox,
  lease,
  leaseOfOne,
  settled,
  commands,
  deals,
  fills,
  intents,
  events,
  moved,
  movedWithOptions,
];

/** All of the batch has moved, or the database takes back everything. */
export const allMoved: Part = {
  sql: 'select refuse_stale_batch() from moved having count(*) < ?::int',
  values: ({ appends }) => (appends.length === 0 ? null : [String(appends.length)]),
};

/**
 * A column of texts that travels as lines, and one of JSON: reading rows of JSON that hold JSON, or arrays of quoted
 * text, cost a fifth of the statement. The empty line is null; nothing here is an empty text.
 */
function text(name: string): string {
  return `unnest(string_to_array(?, e'\\n', '')) as ${name}`;
}

function json(name: string): string {
  return `unnest(string_to_array(?, e'\\n', ''))::json as ${name}`;
}

function numbers(list: readonly number[]): string {
  return `{${list.join(',')}}`;
}

/** JSON of one line holds no line break, and no name does. */
function lines(list: readonly (string | null)[]): string {
  const joined = list.join('\n');
  let breaks = 0;
  for (let at = joined.indexOf('\n'); at >= 0; at = joined.indexOf('\n', at + 1)) breaks++;
  assert(breaks === list.length - 1, 'a value of the ledger is one line');
  return joined;
}

/** Rows are spelled here, not by `JSON.stringify`, because states and events are JSON already. */
function rows(list: readonly string[]): readonly string[] | null {
  return list.length === 0 ? null : [`[${list.join(',')}]`];
}

const said = (value: string | number | boolean | null): string => JSON.stringify(value);

/** Where the epoch of its shard stands among those that the statement locks, from 1. */
function placeOf({ shard }: { readonly shard: number }, shards: readonly number[]): number {
  return shards.indexOf(shard) + 1;
}

function eventRows({ bot, after, epoch, events }: Append) {
  return events.map(({ event, notes }, n) => ({ bot, seq: after + n + 1, epoch, event, notes }));
}

function toldBy({ bot, outbox: entries }: Append): string[] {
  return entries.map(({ kind, body }) => `{"kind":${said(kind)},"bot":${said(bot)},"body":${body}}`);
}

function intentRows({ bot, intents }: Append): string[] {
  return intents.map(({ seq, connection, order, body }) => {
    const asked = body.method === 'create' ? orderBody.encode(body.order, 'order') : { of: body.of };
    return `{"bot":${said(bot)},"seq":${seq},"connection":${said(connection)},"method":${said(body.method)},"order_name":${said(order)},"body":${JSON.stringify(asked)}}`;
  });
}

function fillRows({ bot, fills }: Append): string[] {
  return fills.map((fill) =>
    JSON.stringify({
      bot,
      connection: fill.connection,
      symbol: fill.symbol,
      trade_id: fill.tradeId,
      order_name: fill.order,
      intent_seq: fill.intentSeq,
      venue_order_id: fill.venueOrderId,
      side: fill.side,
      price: fill.price,
      quantity: fill.quantity,
      amount: fill.amount,
      fee: fill.fee,
      fee_asset: fill.feeAsset,
      maker: fill.maker,
      at_ms: fill.atMs,
    }),
  );
}

function dealRows({ bot, deals }: Append): string[] {
  return deals.map(
    ({ number, symbol, startedAtMs, endedAtMs, body }) =>
      `{"bot":${said(bot)},"number":${number},"symbol":${said(symbol)},"started_ms":${startedAtMs},"ended_ms":${said(endedAtMs)},"body":${body}}`,
  );
}

function commandRows({ bot, commands }: Append): string[] {
  return commands.map(({ id, outcome }) => `{"bot":${said(bot)},"id":${id},"outcome":${outcome}}`);
}

function settlementRow(one: Settlement, shards: readonly number[]): string {
  return JSON.stringify({
    bot: one.bot,
    seq: one.seq,
    lease: placeOf(one, shards),
    epoch: one.epoch,
    state: one.state,
    client_order_id: one.clientOrderId,
    outcome: one.outcome,
    receipt: one.receipt,
  });
}
