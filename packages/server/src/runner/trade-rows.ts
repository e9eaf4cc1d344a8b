/** The cursor of a connection's trades, and the trades that no waiting order explains. */
import { formatDecimal } from '@counterfoil/vocabulary';
import type { AccountFill } from '@counterfoil/vocabulary/protocol';
import type { Pool } from 'pg';

/** The first trade that may be missing from the ledger; null where nothing was read yet. */
export async function readCursor(
  pool: Pool,
  owner: string,
  connection: string,
  symbol: string,
): Promise<number | null> {
  const { rows } = await pool.query<{ readonly next_id: bigint }>(
    'select next_id from trade_cursor where owner = $1 and connection = $2 and symbol = $3',
    [owner, connection, symbol],
  );
  return rows[0] === undefined ? null : Number(rows[0].next_id);
}

/** Which worker writes: a list of trades that was read before a shard went to another changes nothing. */
export interface Fence {
  readonly shard: number;
  readonly epoch: number;
}

/** Held until the commit, so that a takeover waits for it. */
const LEASE = 'with lease as (select id from shard where id = $4 and epoch = $5 for share)';

/** Never back: the list may be read twice. */
export async function writeCursor(
  pool: Pool,
  owner: string,
  connection: string,
  symbol: string,
  next: number,
  { shard, epoch }: Fence,
): Promise<void> {
  await pool.query(
    `${LEASE}
     insert into trade_cursor as c (owner, connection, symbol, next_id)
     select $1, $2, $3, $6::bigint from lease
     on conflict (owner, connection, symbol) do update set next_id = greatest(c.next_id, excluded.next_id)`,
    [owner, connection, symbol, shard, epoch, next],
  );
}

/**
 * Trades of orders that ended before, that a person placed by hand, or that are nobody's of ours: they belong into the
 * books all the same. One that is there already stays as it is. Of those that are nobody's of ours the owner's outbox
 * is told in the same commit, besides what was there before the key was, and while an order by hand is without its
 * answer, which may explain them.
 */
export async function insertForeignFills(
  pool: Pool,
  owner: string,
  connection: string,
  trades: readonly AccountFill[],
  { shard, epoch }: Fence,
): Promise<void> {
  if (trades.length === 0) return;
  const rows = trades.map((trade) => ({
    symbol: trade.symbol,
    trade_id: trade.tradeId,
    venue_order_id: trade.venueOrderId,
    side: trade.side,
    price: formatDecimal(trade.price),
    quantity: formatDecimal(trade.quantity),
    amount: formatDecimal(trade.quoteAmount),
    fee: formatDecimal(trade.fee),
    fee_asset: trade.feeAsset ?? '',
    maker: trade.maker,
    at_ms: trade.atMs,
  }));
  await pool.query(
    `${LEASE}, written as (
     insert into fill (owner, connection, symbol, trade_id, bot, order_name, intent_seq, venue_order_id, side, price,
       quantity, amount, fee, fee_asset, maker, at)
     select $1, $2, e.symbol, e.trade_id, i.bot, i.order_name, i.seq, e.venue_order_id, e.side, e.price, e.quantity,
       e.amount, e.fee, e.fee_asset, e.maker, to_timestamp(e.at_ms / 1000.0)
     from json_to_recordset($3::json) as e(symbol text, trade_id text, venue_order_id text, side text, price numeric,
       quantity numeric, amount numeric, fee numeric, fee_asset text, maker boolean, at_ms bigint)
     cross join lease
     left join intent i on i.owner = $1 and i.connection = $2 and i.method = 'create'
       and i.outcome ->> 'venueOrderId' = e.venue_order_id
     on conflict do nothing
     returning symbol, trade_id, bot, side, price, quantity, at
     ), foreign_trade as (
     select w.* from written w join connection c on c.owner = $1 and c.id = $2
     where w.bot is null and w.at >= c.made_at and not exists (
       select from intent
       where owner = $1 and connection = $2 and bot = 'manual' and state in ('journalled', 'unknown'))
     ), head as (
     insert into outbox_head as h (owner, last)
     select $1, count(*) from foreign_trade having count(*) > 0
     on conflict (owner) do update set last = h.last + excluded.last
     returning h.last
     )
     insert into outbox_batch (owner, first, last, entries)
     select $1, head.last - (select count(*) from foreign_trade) + 1, head.last, (
       select json_agg(json_build_object('kind', 'event', 'bot', null, 'body', json_build_object(
         'type', 'foreignTrade', 'trade', json_build_object(
           'id', $2 || '.' || symbol || '.' || trade_id, 'connection', $2::text, 'symbol', symbol, 'side', side,
           'price', trim_scale(price)::text, 'quantity', trim_scale(quantity)::text,
           'at', to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'state', 'open'))) order by at)
       from foreign_trade)
     from head`,
    [owner, connection, JSON.stringify(rows), shard, epoch],
  );
}
