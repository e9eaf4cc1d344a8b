/** Bots as the ledger has them. */
import type { Market } from '@counterfoil/vocabulary';
import type { Pool } from 'pg';
import type { IntentState } from '../database/tables.ts';
import type { BotStatus } from '../ledger/append.ts';
import { type ExactJson, fromExactJson, toExactJson } from '../ledger/exact-json.ts';
import { orderBody } from '../worker/order-body.ts';
import type { BotRecord } from './live-bot.ts';
import { workingOrdersOf } from './machines.ts';
import { passesAtVault, passesAtVenue } from './passing.ts';
import { type BotPlan, marketsOf } from './plan.ts';
import type { StoredParked } from './stored.ts';
import type { TrackedOrder } from './tracked-order.ts';

/** A bot with the orders that its machine waits for, and the intents whose outcome nobody knows. */
export interface LoadedBot {
  readonly record: BotRecord;
  readonly orders: readonly TrackedOrder[];
  readonly open: readonly OpenIntent[];
  /**
   * Orders that came to nothing and whose machine still waits for them: an intent's end and the machine's event are two
   * commits, and whatever dies between them leaves the second one out.
   */
  readonly untold: readonly UntoldRefusal[];
}

export interface UntoldRefusal {
  readonly order: string;
  readonly sentence: string;
  readonly passes: boolean;
}

export interface OpenIntent {
  readonly seq: number;
  readonly method: 'create' | 'cancel';
  readonly order: string;
  readonly state: IntentState;
  readonly journalledAtMs: number;
}

interface BotRow {
  readonly owner: string;
  readonly id: string;
  readonly connection: string;
  readonly shard: number;
  readonly kind: BotPlan['kind'];
  readonly status: BotStatus;
  readonly options: ExactJson;
  readonly state: ExactJson | null;
  readonly parked: ExactJson;
  readonly seq: bigint;
  readonly intent_seq: bigint;
}

interface IntentRow {
  readonly owner: string;
  readonly bot: string;
  readonly seq: bigint;
  readonly method: 'create' | 'cancel';
  readonly order_name: string;
  readonly state: IntentState;
  readonly body: unknown;
  readonly client_order_id: string | null;
  readonly venue_order_id: string | null;
  /** What vault or venue said where it came to nothing. */
  readonly sentence: string | null;
  readonly code: string | null;
  readonly journalled_at: Date;
}

const BOT_COLUMNS =
  'owner, id, connection, shard, kind, status, options::text, state::text, parked::text, seq, intent_seq';

/** Bots of these shards that may still do something. */
export async function loadShards(pool: Pool, shards: readonly number[]): Promise<readonly LoadedBot[]> {
  const { rows } = await pool.query<BotRow>(
    `select ${BOT_COLUMNS} from bot where shard = any($1::int[]) and status <> 'ended'`,
    [shards],
  );
  return withOrders(pool, rows);
}

export async function loadBot(pool: Pool, owner: string, id: string): Promise<LoadedBot | null> {
  const { rows } = await pool.query<BotRow>(`select ${BOT_COLUMNS} from bot where owner = $1 and id = $2`, [
    owner,
    id,
  ]);
  return (await withOrders(pool, rows))[0] ?? null;
}

async function withOrders(pool: Pool, rows: readonly BotRow[]): Promise<readonly LoadedBot[]> {
  const records = rows.map(recordOf);
  const names = records.flatMap(({ owner, id, plan, state }) =>
    workingOrdersOf(plan.kind, state).map(({ name }) => ({ owner, bot: id, name })),
  );
  const intents = await pool.query<IntentRow>(
    `select i.owner, i.bot, i.seq, i.method, i.order_name, i.state, i.body, i.client_order_id,
       i.outcome ->> 'venueOrderId' as venue_order_id,
       coalesce(i.outcome ->> 'venueSentence', i.outcome ->> 'sentence') as sentence,
       coalesce(i.outcome ->> 'venueCode', i.outcome ->> 'code') as code, i.journalled_at
     from intent i join json_to_recordset($1::json) as w(owner text, bot text, name text)
       on i.owner = w.owner and i.bot = w.bot and i.order_name = w.name
     union
     select i.owner, i.bot, i.seq, i.method, i.order_name, i.state, i.body, i.client_order_id,
       i.outcome ->> 'venueOrderId',
       coalesce(i.outcome ->> 'venueSentence', i.outcome ->> 'sentence'),
       coalesce(i.outcome ->> 'venueCode', i.outcome ->> 'code'), i.journalled_at
     from intent i join json_to_recordset($2::json) as b(owner text, bot text) on i.owner = b.owner and i.bot = b.bot
     where i.state in ('journalled', 'unknown') and i.order_name is not null
     order by seq`,
    [JSON.stringify(names), JSON.stringify(records.map(({ owner, id }) => ({ owner, bot: id })))],
  );
  const byBot = new Map<string, IntentRow[]>();
  for (const row of intents.rows) {
    const key = `${row.owner}/${row.bot}`;
    byBot.set(key, [...(byBot.get(key) ?? []), row]);
  }
  return records.map((record) => loadedBot(record, byBot.get(`${record.owner}/${record.id}`) ?? []));
}

function recordOf(row: BotRow): BotRecord {
  return {
    owner: row.owner,
    id: row.id,
    connection: row.connection,
    shard: row.shard,
    // Written from a plan of this kind.
    plan: withSharedMarkets({ kind: row.kind, options: fromExactJson(row.options) } as BotPlan),
    status: row.status,
    state: row.state === null ? null : fromExactJson(row.state),
    // Written by the runner.
    parked: fromExactJson(row.parked) as readonly StoredParked[],
    seq: Number(row.seq),
    intentSeq: Number(row.intent_seq),
  };
}

/** One object per market and its limits, however many bots trade on it: each is some twenty-five fields. */
const sharedMarkets = new Map<string, Market>();
/** Markets change their limits now and then; what nobody uses any more must not stay for ever. */
const SHARED_MAX = 10_000;

function withSharedMarkets(plan: BotPlan): BotPlan {
  if (plan.kind === 'dca')
    return { ...plan, options: { ...plan.options, markets: plan.options.markets.map(shared) } };
  // The kinds differ in everything but their one market.
  return { ...plan, options: { ...plan.options, market: shared(plan.options.market) } } as BotPlan;
}

function shared(market: Market): Market {
  const key = toExactJson(market);
  const known = sharedMarkets.get(key);
  if (known !== undefined) return known;
  if (sharedMarkets.size >= SHARED_MAX) sharedMarkets.clear();
  sharedMarkets.set(key, market);
  return market;
}

function loadedBot(record: BotRecord, intents: readonly IntentRow[]): LoadedBot {
  const working = new Set(workingOrdersOf(record.plan.kind, record.state).map((order) => order.name));
  const orders = new Map<string, TrackedOrder>();
  for (const row of intents) {
    if (!working.has(row.order_name)) continue;
    const order = orders.get(row.order_name);
    if (row.method === 'create') orders.set(row.order_name, trackedOrder(record, row));
    else if (order !== undefined) order.cancelSeq = Number(row.seq);
  }
  const open = intents.filter((row) => row.state === 'journalled' || row.state === 'unknown').map(openIntent);
  const untold = intents
    .filter((row) => row.method === 'create' && working.has(row.order_name) && NOTHING.has(row.state))
    .map((row) => ({
      order: row.order_name,
      sentence: row.sentence ?? 'it was never placed',
      passes: passes(row),
    }));
  return { record, orders: [...orders.values()], open, untold };
}

/** Ends of an intent after which its order is not, and never was, at the venue. */
const NOTHING: ReadonlySet<IntentState> = new Set(['refused', 'rejected', 'notPlaced']);

function passes({ state, code, sentence }: IntentRow): boolean {
  if (state === 'rejected') return passesAtVenue(code, sentence);
  return state === 'notPlaced' || passesAtVault(code);
}

function openIntent(row: IntentRow): OpenIntent {
  return {
    seq: Number(row.seq),
    method: row.method,
    order: row.order_name,
    state: row.state,
    journalledAtMs: row.journalled_at.getTime(),
  };
}

function trackedOrder(record: BotRecord, row: IntentRow): TrackedOrder {
  const body = orderBody.decode(row.body, 'order');
  const market = marketsOf(record.plan).findIndex((one) => one.symbol === body.symbol);
  const order = workingOrdersOf(record.plan.kind, record.state).find((one) => one.name === row.order_name);
  return {
    name: row.order_name,
    seq: Number(row.seq),
    market,
    symbol: body.symbol,
    side: body.side,
    price: order?.price ?? null,
    body,
    journalledAtMs: row.journalled_at.getTime(),
    state: row.state === 'accepted' ? 'accepted' : row.state === 'unknown' ? 'unknown' : 'sent',
    clientOrderId: row.client_order_id,
    venueOrderId: row.venue_order_id,
    cancelSeq: null,
    isAsked: false,
  };
}
