/**
 * The one statement that moves bots: lease, position, events, intents, fills, deals, commands and outbox in a single
 * commit. Every part is joined with the lease row by epoch and with the bot's last event, so that of two writers of a
 * bot one writes and the other learns that it is stale.
 */
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
  select i.* from json_to_recordset($3::json) as i(bot text, shard int, epoch bigint, after bigint, seq bigint,
    intent_seq bigint, status text, options json, state json, parked json)
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
  from json_to_recordset($4::json) as e(bot text, seq bigint, event json, notes json) join moved on moved.id = e.bot
),
intents as (
  insert into intent (owner, bot, seq, connection, method, order_name, body, state)
  select $1, e.bot, e.seq, e.connection, e.method, e.order_name, e.body, 'journalled'
  from json_to_recordset($5::json) as e(bot text, seq bigint, connection text, method text, order_name text,
    body jsonb)
  join moved on moved.id = e.bot
),
fills as (
  insert into fill (owner, connection, symbol, trade_id, bot, order_name, intent_seq, venue_order_id, side, price,
    quantity, amount, fee, fee_asset, maker, at)
  select $1, e.connection, e.symbol, e.trade_id, e.bot, e.order_name, e.intent_seq, e.venue_order_id, e.side, e.price,
    e.quantity, e.amount, e.fee, e.fee_asset, e.maker, to_timestamp(e.at_ms / 1000.0)
  from json_to_recordset($6::json) as e(bot text, connection text, symbol text, trade_id text, order_name text,
    intent_seq bigint, venue_order_id text, side text, price numeric, quantity numeric, amount numeric, fee numeric,
    fee_asset text, maker boolean, at_ms bigint)
  join moved on moved.id = e.bot
  on conflict do nothing
),
deals as (
  insert into deal (owner, bot, number, symbol, started_at, ended_at, body)
  select $1, e.bot, e.number, e.symbol, to_timestamp(e.started_ms / 1000.0), to_timestamp(e.ended_ms / 1000.0), e.body
  from json_to_recordset($7::json) as e(bot text, number int, symbol text, started_ms bigint, ended_ms bigint,
    body json)
  join moved on moved.id = e.bot
  on conflict (owner, bot, number) do update set ended_at = excluded.ended_at, body = excluded.body
),
commands as (
  update bot_command c set done_at = now(), outcome = e.outcome
  from json_to_recordset($8::json) as e(bot text, id bigint, outcome json) join moved on moved.id = e.bot
  where c.owner = $1 and c.bot = e.bot and c.id = e.id
),
told as (
  select e.*, row_number() over (order by e.n) as place
  from json_to_recordset($9::json) as e(n int, bot text, kind text, body json) join moved on moved.id = e.bot
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
  from json_to_recordset($10::json) as e(bot text, seq bigint, shard int, epoch bigint, state text,
    client_order_id text, outcome jsonb, receipt text)
  join lease on lease.id = e.shard and lease.epoch = e.epoch
  where i.owner = $1 and i.bot = e.bot and i.seq = e.seq
)
select id from moved`;

/** The parameters for some appends and settlements of one owner; no bot is in it twice. */
export function appendParameters(
  owner: string,
  appends: readonly Append[],
  settlements: readonly Settlement[],
): unknown[] {
  const shards = new Set([...appends, ...settlements].map((one) => one.shard));
  return [
    owner,
    [...shards],
    rows(appends.map(itemRow)),
    rows(appends.flatMap(eventRows)),
    rows(appends.flatMap(intentRows)),
    rows(appends.flatMap(fillRows)),
    rows(appends.flatMap(dealRows)),
    rows(appends.flatMap(commandRows)),
    rows(appends.flatMap(outboxRows).map((row, n) => `{"n":${n},${row.slice(1)}`)),
    rows(settlements.map(settlementRow)),
  ];
}

/** Rows are spelled here, not by `JSON.stringify`, because states and events are JSON already. */
function rows(list: readonly string[]): string {
  return `[${list.join(',')}]`;
}

const text = (value: string | number | boolean | null): string => JSON.stringify(value);

function itemRow({ bot, shard, epoch, after, position, options }: Append): string {
  const { seq, intentSeq, status, state, parked } = position;
  return `{"bot":${text(bot)},"shard":${shard},"epoch":${epoch},"after":${after},"seq":${seq},"intent_seq":${intentSeq},"status":${text(status)},"options":${options ?? 'null'},"state":${state},"parked":${parked}}`;
}

function eventRows({ bot, after, events }: Append): string[] {
  return events.map(
    ({ event, notes }, n) => `{"bot":${text(bot)},"seq":${after + n + 1},"event":${event},"notes":${notes}}`,
  );
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

function outboxRows({ bot, outbox }: Append): string[] {
  return outbox.map(({ kind, body }) => `{"bot":${text(bot)},"kind":${text(kind)},"body":${body}}`);
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
