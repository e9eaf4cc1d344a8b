/**
 * Bots while everything fails: every fault of the paper exchange, programs killed at random, a worker that is paused
 * and comes back. Afterwards ledger, log and venue are compared, to the last unit.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { BotService, openDatabase, type Database } from '@counterfoil/server';
import { PublicRest } from '@counterfoil/venues';
import { ledgerBalances, venueBalances } from './_books.ts';
import { makeConnection, post, type TestConnection, withSession } from './_accounts.ts';
import { startBots, SYMBOLS } from './_chaos-bots.ts';
import { type Disturbed, disturb } from './_chaos-faults.ts';
import type { ChaosOptions } from './_chaos-options.ts';
import {
  balanceContradictions,
  fillContradictions,
  leafContradictions,
  orderContradictions,
  type LedgerFills,
  type TradedOrder,
  type VenueOrder,
} from './_chaos-verdict.ts';
import { type ProtectionWatch, watchPositions } from './_chaos-protection.ts';
import { Installation } from './_installation.ts';

export interface ChaosReport extends Disturbed {
  readonly venueOrders: number;
  readonly fills: number;
  readonly dealsClosed: number;
  /** The longest time that a position had no exit. */
  readonly longestNakedMs: number;
  /** Every contradiction between ledger, log and venue, as a sentence. */
  readonly contradictions: readonly string[];
}

export const OWNER = 'chaos';
export const START = { USDT: '1000000', BTC: '20', ETH: '400', SOL: '8000' };
/** Of what the programs said, where it does not become calm. */
const LINES_SHOWN = 400;
/** A machine that was refused asks again after at most 30 s; several in a row, and a vault that starts again. */
const CALM_MS_MAX = 180_000;
/** One reading of every list of trades, and one more where the first came too late. */
const BOOKS_MS_MAX = 120_000;

export async function chaos(options: ChaosOptions, say: (line: string) => void): Promise<ChaosReport> {
  const installation = await Installation.start('product', undefined, { workers: options.workers });
  const database = await openDatabase({ url: installation.desk.database?.url ?? '' });
  try {
    const adminUrl = installation.desk.paperAdminUrl;
    const connections = await withSession(installation, database, async (session) => {
      const made: TestConnection[] = [];
      for (let n = 0; n < options.connections; n++)
        made.push(await makeConnection(session, database, adminUrl, OWNER, `chaos-${n}`, START));
      return made;
    });
    const ca = readFileSync(join(installation.root, 'paper', 'paper-ca.pem'), 'utf8');
    const rest = new PublicRest({ venue: 'paper', url: installation.desk.paperUrl, ca });
    const ids = connections.map(({ id }) => id);
    await startBots(rest, database, OWNER, ids, options.bots);
    const { watch, stop } = watchPositions(database, adminUrl, rest);
    const disturbed = await disturb(installation, options, say);
    try {
      await calmDown(installation, database, say);
    } finally {
      await stop();
      rest.close();
    }
    const { atVenue, contradictions } = await verdict(database, connections, adminUrl, watch);
    const { rows } = await database.pool.query<{ fills: bigint; deals: bigint; orders: bigint }>(
      `select (select count(*) from fill) as fills, (select count(*) from deal where ended_at is not null) as deals,
         (select count(*) from intent where method = 'create' and state = 'accepted') as orders`,
    );
    await database.close();
    await installation.stop();
    contradictions.push(...(await comparedLeaves(installation, connections, atVenue)));
    return {
      ...disturbed,
      venueOrders: Number(rows[0]?.orders),
      fills: Number(rows[0]?.fills),
      dealsClosed: Number(rows[0]?.deals),
      longestNakedMs: watch.longestMs,
      contradictions,
    };
  } finally {
    await database.close();
    await installation.stop();
    installation.remove();
  }
}

/** What the venue has beside what the ledger has. Trades that nothing speaks of are in the books a minute later. */
async function verdict(
  database: Database,
  connections: readonly TestConnection[],
  adminUrl: string,
  watch: ProtectionWatch,
): Promise<{ readonly atVenue: readonly TradedOrder[]; readonly contradictions: string[] }> {
  const end = Date.now() + BOOKS_MS_MAX;
  for (;;) {
    const atVenue = await venueOrders(adminUrl);
    const contradictions = [
      ...(await comparedBooks(database, connections, adminUrl)),
      ...(await comparedOrders(database, connections, atVenue)),
      ...(await comparedFills(database, connections, atVenue)),
      ...(await unprotected(database)),
      ...watch.contradictions,
    ];
    if (contradictions.length === 0 || Date.now() > end) return { atVenue, contradictions };
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
}

/** No more faults; every bot is stopped and keeps its coins; then nothing may be open or unknown. */
export async function calmDown(
  installation: Installation,
  database: Database,
  say: (line: string) => void,
): Promise<void> {
  const adminUrl = installation.desk.paperAdminUrl;
  await installation.until('the exchange is back', () =>
    post(adminUrl, '/faults', null, 'DELETE').then(
      () => true,
      () => false,
    ),
  );
  for (const symbol of Object.keys(SYMBOLS)) {
    await post(adminUrl, `/markets/${symbol}/status`, { status: 'TRADING' }, 'PUT');
  }
  await post(adminUrl, '/clock', { skewMs: 0 }, 'PUT');
  await installation.well();
  const service = new BotService(database.kysely);
  for (const { id } of await service.bots(OWNER))
    await service.request(OWNER, id, { kind: 'stop', positions: 'keep' });
  const end = Date.now() + CALM_MS_MAX;
  for (;;) {
    const { rows } = await database.pool.query<{ running: bigint; open: bigint; asked: bigint }>(
      `select (select count(*) from bot where status = 'running') as running,
         (select count(*) from intent where state in ('journalled', 'unknown')) as open,
         (select count(*) from bot_command where done_at is null) as asked`,
    );
    const { running = 0n, open = 0n, asked = 0n } = rows[0] ?? {};
    if (running === 0n && open === 0n && asked === 0n) return;
    if (Date.now() > end) {
      say(installation.lines.slice(-LINES_SHOWN).join('\n'));
      const { rows: left } = await database.pool.query(
        `select i.connection, i.method, i.state, s.worker, s.until > now() as held, s.epoch, count(*) as open,
           min(i.journalled_at) as oldest, max(i.journalled_at) as newest, min(i.bot || '.' || i.seq) as one
         from intent i left join bot b on b.owner = i.owner and b.id = i.bot left join shard s on s.id = b.shard
         where i.state in ('journalled', 'unknown') group by 1, 2, 3, 4, 5, 6`,
      );
      const { rows: waiting } = await database.pool.query(
        `select b.id, b.kind, b.state::text, b.parked::text, (
           select json_agg(json_build_array(i.seq, i.method, i.order_name, i.state, i.outcome) order by i.seq desc)
           from intent i where i.owner = b.owner and i.bot = b.id and i.seq > b.intent_seq - 8
         ) as newest from bot b where b.status = 'running'`,
      );
      throw new Error(
        `not calm: ${running} bots run, ${open} intents are open, ${asked} requests wait ` +
          inspect({ left, waiting }, { depth: 6 }),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** Balances of each account, by ledger and by venue. */
export async function comparedBooks(
  database: Database,
  connections: readonly TestConnection[],
  adminUrl: string,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { id, account } of connections) {
    const venue = await venueBalances(adminUrl, account);
    found.push(
      ...balanceContradictions(account, venue, await ledgerBalances(database.pool, id, START, SYMBOLS)),
    );
  }
  return found;
}

export async function venueOrders(adminUrl: string): Promise<readonly TradedOrder[]> {
  return (await (await fetch(`${adminUrl}/orders`)).json()) as readonly TradedOrder[];
}

export async function comparedOrders(
  database: Database,
  connections: readonly TestConnection[],
  orders: readonly VenueOrder[],
): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ client_order_id: string; state: string }>(
    `select client_order_id, state from intent where method = 'create' and client_order_id is not null
       and connection = any($1)`,
    [connections.map(({ id }) => id)],
  );
  const states = new Map(rows.map((row) => [row.client_order_id, row.state]));
  const doubled = rows.length === states.size ? [] : ['two intents of the ledger have one client order id'];
  return [...doubled, ...orderContradictions(states, orders)];
}

export async function comparedFills(
  database: Database,
  connections: readonly TestConnection[],
  orders: readonly TradedOrder[],
): Promise<readonly string[]> {
  const { rows } = await database.pool.query<LedgerFills>(
    `select f.symbol, f.venue_order_id as "venueOrderId", i.client_order_id as "clientOrderId",
       sum(f.quantity)::text as quantity, sum(f.amount)::text as amount
     from fill f left join intent i on i.owner = f.owner and i.bot = f.bot and i.seq = f.intent_seq
     where f.connection = any($1) group by 1, 2, 3`,
    [connections.map(({ id }) => id)],
  );
  return fillContradictions(rows, orders);
}

/** Positions that were without an exit for longer than their deadline, as the workers noted them. */
async function unprotected(database: Database): Promise<readonly string[]> {
  const { rows } = await database.pool.query<{ bot: string; body: string }>(
    `select bot, body::text from outbox where kind = 'unprotected'`,
  );
  return rows.map(({ bot, body }) => `bot ${bot} was unprotected: ${body}`);
}

export async function comparedLeaves(
  installation: Installation,
  connections: readonly TestConnection[],
  orders: readonly VenueOrder[],
): Promise<readonly string[]> {
  const signed = new Map<string, number>();
  for (const { viewKey } of connections) {
    for (const leaf of await installation.leaves(viewKey)) {
      if (leaf.kind === 'sign' && leaf.method === 'orderCreate')
        signed.set(leaf.clientOrderId, (signed.get(leaf.clientOrderId) ?? 0) + 1);
    }
  }
  return leafContradictions(signed, orders);
}
