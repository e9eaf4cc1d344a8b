/**
 * The one statement that moves bots: lease, position, events, intents, fills, deals, commands and outbox in a single
 * commit. Every part is joined with the lease row by epoch and with the bot's last event, so that of two writers of a
 * bot one writes and the other learns that it is stale.
 */
import assert from 'node:assert/strict';
import { orderBody } from '../worker/order-body.ts';
import type { Append } from './append.ts';
import type { Settlement } from './settlement.ts';

/** A named statement is planned once per connection: planning it took as long as running it. */
export const APPEND_STATEMENT = 'ledger-append';

export const appendSql = `
with lease as (
  -- Held until the commit: a takeover waits for it, so nothing of an earlier holder is written after it.
  select id, epoch from shard where id = any($2::int[]) order by id for share
),
item as (
  select i.* from unnest(string_to_array($3, e'\\n'), $4::int[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::bigint[], string_to_array($9, e'\\n'), string_to_array($10, e'\\n', '')::json[],
    string_to_array($11, e'\\n')::json[], string_to_array($12, e'\\n')::json[])
    as i(bot, shard, epoch, after, seq, intent_seq, status, options, state, parked)
  join lease on lease.id = i.shard and lease.epoch = i.epoch
),
moved as (
  update bot b set seq = i.seq, intent_seq = i.intent_seq, status = i.status, state = i.state, parked = i.parked,
    options = coalesce(i.options, b.options), changed_at = now()
  from item i where b.owner = $1 and b.id = i.bot and b.seq = i.after
  returning b.id, i.epoch
),
events as (
  insert into bot_event (owner, bot, seq, epoch, event, notes)
  select $1, e.bot, e.seq, moved.epoch, e.event, e.notes
  from unnest(string_to_array($13, e'\\n'), $14::bigint[], string_to_array($15, e'\\n')::json[],
    string_to_array($16, e'\\n')::json[]) as e(bot, seq, event, notes)
  join moved on moved.id = e.bot
),
intents as (
  insert into intent (owner, bot, seq, connection, method, order_name, body, state)
  select $1, e.bot, e.seq, e.connection, e.method, e.order_name, e.body, 'journalled'
  from json_to_recordset($20::json) as e(bot text, seq bigint, connection text, method text, order_name text,
    body jsonb)
  join moved on moved.id = e.bot
),
fills as (
  insert into fill (owner, connection, symbol, trade_id, bot, order_name, intent_seq, venue_order_id, side, price,
    quantity, amount, fee, fee_asset, maker, at)
  select $1, e.connection, e.symbol, e.trade_id, e.bot, e.order_name, e.intent_seq, e.venue_order_id, e.side, e.price,
    e.quantity, e.amount, e.fee, e.fee_asset, e.maker, to_timestamp(e.at_ms / 1000.0)
  from json_to_recordset($21::json) as e(bot text, connection text, symbol text, trade_id text, order_name text,
    intent_seq bigint, venue_order_id text, side text, price numeric, quantity numeric, amount numeric, fee numeric,
    fee_asset text, maker boolean, at_ms bigint)
  join moved on moved.id = e.bot
  on conflict do nothing
),
deals as (
  insert into deal (owner, bot, number, symbol, started_at, ended_at, body)
  select $1, e.bot, e.number, e.symbol, to_timestamp(e.started_ms / 1000.0), to_timestamp(e.ended_ms / 1000.0), e.body
  from json_to_recordset($22::json) as e(bot text, number int, symbol text, started_ms bigint, ended_ms bigint,
    body json)
  join moved on moved.id = e.bot
  on conflict (owner, bot, number) do update set ended_at = excluded.ended_at, body = excluded.body
),
commands as (
  update bot_command c set done_at = now(), outcome = e.outcome
  from json_to_recordset($23::json) as e(bot text, id bigint, outcome json) join moved on moved.id = e.bot
  where c.owner = $1 and c.bot = e.bot and c.id = e.id
),
told as (
  select e.*, row_number() over (order by e.n) as place
  from unnest(string_to_array($17, e'\\n'), string_to_array($18, e'\\n'),
    string_to_array($19, e'\\n')::json[]) with ordinality as e(bot, kind, body, n)
  join moved on moved.id = e.bot
),
head as (
  insert into outbox_head as h (owner, last) select $1, count(*) from told having count(*) > 0
  on conflict (owner) do update set last = h.last + excluded.last
  returning h.last - (select count(*) from told) as before
),
entries as (
  insert into outbox (owner, id, kind, bot, body)
  select $1, head.before + told.place, told.kind, told.bot, told.body from told, head
),
settled as (
  update intent i set state = e.state, client_order_id = coalesce(e.client_order_id, i.client_order_id),
    outcome = e.outcome, receipt = coalesce(e.receipt, i.receipt),
    settled_at = case when e.state = 'unknown' then null else now() end
  from json_to_recordset($24::json) as e(bot text, seq bigint, shard int, epoch bigint, state text,
    client_order_id text, outcome jsonb, receipt text)
  join lease on lease.id = e.shard and lease.epoch = e.epoch
  where i.owner = $1 and i.bot = e.bot and i.seq = e.seq
)
-- Whom somebody else has moved, or whose shard: usually nobody.
select bot from unnest(string_to_array($3, e'\\n')) as asked(bot) where bot not in (select id from moved)`;

/** The parameters for some appends and settlements of one owner; no bot is in it twice. */
export function appendParameters(
  owner: string,
  appends: readonly Append[],
  settlements: readonly Settlement[],
): unknown[] {
  const shards = new Set([...appends, ...settlements].map((one) => one.shard));
  const of = (value: (append: Append) => string | number): string => numbers(appends.map(value));
  const textOf = (value: (append: Append) => string | null): string => lines(appends.map(value));
  const events = appends.flatMap(eventRows);
  const told = appends.flatMap(({ bot, outbox }) => outbox.map((entry) => ({ bot, ...entry })));
  return [
    owner,
    numbers([...shards]),
    textOf((one) => one.bot),
    of((one) => one.shard),
    of((one) => one.epoch),
    of((one) => one.after),
    of((one) => one.position.seq),
    of((one) => one.position.intentSeq),
    textOf((one) => one.position.status),
    textOf((one) => one.options),
    textOf((one) => one.position.state),
    textOf((one) => one.position.parked),
    lines(events.map((one) => one.bot)),
    numbers(events.map((one) => one.seq)),
    lines(events.map((one) => one.event)),
    lines(events.map((one) => one.notes)),
    lines(told.map((one) => one.bot)),
    lines(told.map((one) => one.kind)),
    lines(told.map((one) => one.body)),
    rows(appends.flatMap(intentRows)),
    rows(appends.flatMap(fillRows)),
    rows(appends.flatMap(dealRows)),
    rows(appends.flatMap(commandRows)),
    rows(settlements.map(settlementRow)),
  ];
}

function numbers(list: readonly (string | number)[]): string {
  return `{${list.join(',')}}`;
}

/**
 * What every append has travels as columns, a value a line: reading rows of JSON that hold JSON, or arrays of quoted
 * text, cost a fifth of the statement. JSON of one line holds no line break, and no name does. Null is the empty line.
 */
function lines(list: readonly (string | null)[]): string {
  for (const one of list) assert(one === null || !one.includes('\n'), 'a value of the ledger is one line');
  return list.join('\n');
}

/** Rows are spelled here, not by `JSON.stringify`, because states and events are JSON already. */
function rows(list: readonly string[]): string {
  return `[${list.join(',')}]`;
}

const text = (value: string | number | boolean | null): string => JSON.stringify(value);

function eventRows({ bot, after, events }: Append) {
  return events.map(({ event, notes }, n) => ({ bot, seq: after + n + 1, event, notes }));
}

function intentRows({ bot, intents }: Append): string[] {
  return intents.map(({ seq, connection, order, body }) => {
    const said = body.method === 'create' ? orderBody.encode(body.order, 'order') : { of: body.of };
    return `{"bot":${text(bot)},"seq":${seq},"connection":${text(connection)},"method":${text(body.method)},"order_name":${text(order)},"body":${JSON.stringify(said)}}`;
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
      `{"bot":${text(bot)},"number":${number},"symbol":${text(symbol)},"started_ms":${startedAtMs},"ended_ms":${text(endedAtMs)},"body":${body}}`,
  );
}

function commandRows({ bot, commands }: Append): string[] {
  return commands.map(({ id, outcome }) => `{"bot":${text(bot)},"id":${id},"outcome":${outcome}}`);
}

function settlementRow(one: Settlement): string {
  return JSON.stringify({
    bot: one.bot,
    seq: one.seq,
    shard: one.shard,
    epoch: one.epoch,
    state: one.state,
    client_order_id: one.clientOrderId,
    outcome: one.outcome,
    receipt: one.receipt,
  });
}
