/** Orders, fills and receipts as the API shows them, read for whole pages at once. */
import type { Fill, Order, OrderState, Receipt } from '@counterfoil/api';
import { type Kysely, sql } from 'kysely';
import type { IntentState, Tables } from '../../database/tables.ts';
import { type Told, told } from '../../sayings/tell.ts';
import { dealId } from './deal-views.ts';

interface OrderRow {
  readonly bot: string;
  readonly seq: bigint;
  readonly connection: string;
  readonly order_name: string | null;
  readonly body: {
    readonly symbol: string;
    readonly side: 'buy' | 'sell';
    readonly type: 'limit' | 'market';
    readonly amount: string;
    readonly sizedBy: 'base' | 'quote';
    readonly price: string | null;
  };
  readonly state: IntentState;
  readonly client_order_id: string | null;
  readonly outcome: Readonly<Record<string, string | number | null>> | null;
  readonly has_receipt: boolean;
  readonly at: string;
  readonly journalled_at: Date;
  readonly settled_at: Date | null;
  readonly filled_quantity: string;
  readonly filled_amount: string;
  readonly cancelled: boolean;
}

export interface OrderFilter {
  readonly owner: string;
  readonly bot: string | null;
  /** The deal's number within `bot`. */
  readonly deal: number | null;
  readonly seq: bigint | null;
  /** Only these names of orders, by bot. */
  readonly open: readonly { readonly bot: string; readonly name: string }[] | null;
  /** `at`, bot and sequence of the row before. */
  readonly after: readonly string[] | null;
  readonly limit: number;
}

export async function orderRows(database: Kysely<Tables>, filter: OrderFilter): Promise<readonly OrderRow[]> {
  const { owner, bot, deal, seq, open, after, limit } = filter;
  const prefix = deal === null ? null : `d${deal}-%`;
  const openNames = open === null ? null : open.map((one) => `${one.bot}/${one.name}`);
  const [at = null, atBot = null, atSeq = null] = after ?? [];
  const { rows } = await sql<OrderRow>`
    select i.bot, i.seq, i.connection, i.order_name, i.body, i.state, i.client_order_id, i.outcome,
      i.receipt is not null as has_receipt, i.journalled_at::text as at, i.journalled_at, i.settled_at,
      f.quantity as filled_quantity, f.amount as filled_amount,
      i.order_name is not null and exists (
        select from intent c where c.owner = i.owner and c.bot = i.bot and c.order_name = i.order_name
          and c.method = 'cancel' and c.state = 'accepted'
      ) as cancelled
    from intent i
    cross join lateral (
      select coalesce(sum(f.quantity), 0)::text as quantity, coalesce(sum(f.amount), 0)::text as amount
      from fill f where f.owner = i.owner and f.bot = i.bot and f.intent_seq = i.seq
    ) f
    where i.owner = ${owner} and i.method = 'create'
      and (${bot}::text is null or i.bot = ${bot})
      and (${seq}::bigint is null or i.seq = ${seq})
      and (${prefix}::text is null or i.order_name like ${prefix})
      and (${openNames}::text[] is null or i.bot || '/' || i.order_name = any(${openNames}::text[]))
      and (${after === null}::boolean
        or (i.journalled_at, i.bot, i.seq) < (${at}::timestamptz, ${atBot}::text, ${atSeq}::bigint))
    order by i.journalled_at desc, i.bot desc, i.seq desc
    limit ${limit}`.execute(database);
  return rows;
}

export function orderCursor(row: OrderRow): readonly string[] {
  return [row.at, row.bot, String(row.seq)];
}

export function orderOf(row: OrderRow): Order {
  const { body, outcome } = row;
  const { deal, role } = nameParts(row.bot, row.order_name);
  const reason = row.order_name === null ? told('order-by-hand', {}) : reasonOf(role);
  const filled = row.filled_quantity === '0' ? textOf(outcome?.['filledQuantity']) : row.filled_quantity;
  const filledAmount = row.filled_amount === '0' ? textOf(outcome?.['filledAmount']) : row.filled_amount;
  return {
    id: `${row.bot}.${row.seq}`,
    bot: row.bot,
    deal,
    connection: row.connection,
    environment: 'paper',
    symbol: body.symbol,
    side: body.side,
    type: body.type,
    role,
    price: body.price,
    quantity: body.sizedBy === 'base' ? body.amount : null,
    amount: body.sizedBy === 'quote' ? body.amount : null,
    state: stateOf(row, filled ?? '0'),
    filledQuantity: trimmed(filled ?? '0'),
    filledAmount: trimmed(filledAmount ?? '0'),
    clientOrderId: row.client_order_id,
    venueOrderId: textOf(outcome?.['venueOrderId']),
    reason: reason.sentence,
    reasonSaid: reason.said,
    refusal: textOf(outcome?.['venueSentence']) ?? textOf(outcome?.['sentence']),
    hasReceipt: row.has_receipt,
    journalledAt: row.journalled_at.toISOString(),
    settledAt: row.settled_at?.toISOString() ?? null,
  };
}

const known: ReadonlySet<string> = new Set([
  'acknowledged',
  'partiallyFilled',
  'filled',
  'cancelled',
  'rejected',
  'expired',
]);

function stateOf(row: OrderRow, filled: string): OrderState {
  if (row.state !== 'accepted') return row.state;
  const said = textOf(row.outcome?.['orderState']);
  const stated = said !== null && known.has(said) ? (said as OrderState) : 'acknowledged';
  // What the venue said at the placing is older than what was traded and cancelled since.
  if (row.body.sizedBy === 'base' && trimmed(filled) === trimmed(row.body.amount)) return 'filled';
  if (row.cancelled) return 'cancelled';
  return stated === 'acknowledged' && filled !== '0' ? 'partiallyFilled' : stated;
}

/** `d3-avg2-1` is the first try of the averaging order 2 of deal 3; `g-c4b-2` a cell of a grid. */
function nameParts(
  bot: string,
  name: string | null,
): { readonly deal: string | null; readonly role: string } {
  const [, number, role] = /^(?:d([0-9]+)|[gs])-(.+)-[0-9]+$/.exec(name ?? '') ?? [];
  if (role === undefined) return { deal: null, role: name ?? 'manual' };
  return { deal: number === undefined ? null : dealId(bot, Number(number)), role };
}

function reasonOf(role: string): Told {
  const [, kind = '', number = ''] = /^([a-z]+)([0-9]*)/.exec(role) ?? [];
  switch (kind) {
    case 'base':
      return told('order-begins-deal', {});
    case 'entry':
      return told('order-enters', {});
    case 'avg':
      return told('order-averages', { step: Number(number) });
    case 'tp':
      return told('order-takes-profit', { step: Number(number) });
    case 'close':
      return told('order-closes', {});
    case 'add':
      return told('order-adds', {});
    case 'reduce':
      return told('order-reduces', {});
    case 'balance':
      return told('order-balances', {});
    case 'c':
      return told('order-of-line', {});
    default:
      return told('order-wanted', {});
  }
}

interface FillRow {
  readonly connection: string;
  readonly symbol: string;
  readonly trade_id: string;
  readonly bot: string;
  readonly order_name: string | null;
  readonly intent_seq: bigint;
  readonly side: 'buy' | 'sell';
  readonly price: string;
  readonly quantity: string;
  readonly amount: string;
  readonly fee: string;
  readonly fee_asset: string;
  readonly maker: boolean;
  readonly at: Date;
  readonly at_text: string;
}

export async function fillRows(
  database: Kysely<Tables>,
  filter: Pick<OrderFilter, 'owner' | 'bot' | 'deal' | 'after' | 'limit'> & { readonly tradeId?: string },
): Promise<readonly FillRow[]> {
  const { owner, bot, deal, after, limit, tradeId = null } = filter;
  const prefix = deal === null ? null : `d${deal}-%`;
  const [at = null, atSymbol = null, atTrade = null] = after ?? [];
  const { rows } = await sql<FillRow>`
    select connection, symbol, trade_id, bot, order_name, intent_seq, side, price::text as price,
      quantity::text as quantity, amount::text as amount, fee::text as fee, fee_asset, maker, at, at::text as at_text
    from fill
    where owner = ${owner} and bot is not null and intent_seq is not null
      and (${bot}::text is null or bot = ${bot})
      and (${tradeId}::text is null or trade_id = ${tradeId})
      and (${prefix}::text is null or order_name like ${prefix})
      and (${after === null}::boolean
        or (at, symbol, trade_id) < (${at}::timestamptz, ${atSymbol}::text, ${atTrade}::text))
    order by at desc, symbol desc, trade_id desc
    limit ${limit}`.execute(database);
  return rows;
}

export function fillCursor(row: FillRow): readonly string[] {
  return [row.at_text, row.symbol, row.trade_id];
}

export function fillOf(row: FillRow): Fill {
  return {
    id: `${row.connection}.${row.symbol}.${row.trade_id}`,
    order: `${row.bot}.${row.intent_seq}`,
    bot: row.bot,
    deal: nameParts(row.bot, row.order_name).deal,
    environment: 'paper',
    symbol: row.symbol,
    side: row.side,
    price: trimmed(row.price),
    quantity: trimmed(row.quantity),
    amount: trimmed(row.amount),
    fee: trimmed(row.fee),
    feeAsset: row.fee_asset,
    liquidity: row.maker ? 'maker' : 'taker',
    at: row.at.toISOString(),
  };
}

export async function receiptOf(
  database: Kysely<Tables>,
  owner: string,
  bot: string,
  seq: bigint,
): Promise<Receipt | null> {
  const row = await database
    .selectFrom('intent')
    .select(['receipt', 'client_order_id', 'connection', 'journalled_at'])
    .where('owner', '=', owner)
    .where('bot', '=', bot)
    .where('seq', '=', seq)
    .executeTakeFirst();
  if (row?.receipt === undefined || row.receipt === null) return null;
  return {
    order: `${bot}.${seq}`,
    clientOrderId: row.client_order_id,
    connection: row.connection,
    environment: 'paper',
    madeAt: row.journalled_at.toISOString(),
    proof: row.receipt,
  };
}

export function readOrderId(id: string): { readonly bot: string; readonly seq: bigint } {
  const [bot = '', seq = '0'] = id.split('.', 2);
  return { bot, seq: BigInt(seq) };
}

function textOf(value: string | number | null | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** PostgreSQL's numeric keeps the zeros that were written. */
function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
