/** Routes of money: balances as the venue says them, and what they are worth. */
import type { Balance, Portfolio, RouteName } from '@counterfoil/api';
import {
  connectionId,
  type Decimal,
  formatDecimal,
  formatTrimmed,
  type Market,
  parseDecimal,
  rescaleUnits,
} from '@counterfoil/vocabulary';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../../database/tables.ts';
import type { Gate } from '../gate.ts';
import type { Handlers } from '../handlers.ts';
import type { MarketBook } from '../trading/market-book.ts';
import { risksOf } from '../trading/open-risk.ts';
import type { TradingParts } from './bots.ts';

type Names = Extract<RouteName, 'listBalances' | 'getPortfolio' | 'getWorthHistory'>;

export interface MoneyParts extends TradingParts {
  readonly gate: Gate;
}

/** What worth is counted in, and how finely: the paper exchange's quote. */
const QUOTE = 'USDT';
const WORTH_SCALE = 8;
/** Each reading is a use of a key at the venue; a page that is reloaded does not need another. */
const KEPT_MS = 2_000;

interface Kept {
  readonly until: number;
  readonly balances: Promise<readonly Balance[]>;
}

export function moneyHandlers({ database, service, markets, gate }: MoneyParts): Pick<Handlers, Names> {
  const kept = new Map<string, Kept>();

  const read = async (connection: string): Promise<readonly Balance[]> => {
    const [{ balances }, list] = await Promise.all([
      gate.ask({ kind: 'balances', connection: connectionId.parse(connection) }, 'balances'),
      markets.markets(),
    ]);
    return Promise.all(
      balances.map(async ({ asset, free, locked }) => ({
        connection,
        environment: 'paper' as const,
        asset,
        free: formatDecimal(free),
        locked: formatDecimal(locked),
        worth: await worthOf(markets, list, asset, free, locked),
      })),
    );
  };
  const balancesOf = (connection: string): Promise<readonly Balance[]> => {
    const known = kept.get(connection);
    if (known !== undefined && known.until > Date.now()) return known.balances;
    const balances = read(connection);
    kept.set(connection, { until: Date.now() + KEPT_MS, balances });
    balances.catch(() => kept.delete(connection));
    return balances;
  };
  const all = async (owner: string, only: string | undefined): Promise<Balance[]> => {
    const rows = await database
      .selectFrom('connection')
      .select('id')
      .where('owner', '=', owner)
      .where('trouble', 'is', null)
      .where('api_key_id', 'is not', null)
      .where('removed_at', 'is', null)
      .execute();
    const wanted = rows.filter(({ id }) => only === undefined || id === only);
    return (await Promise.all(wanted.map(({ id }) => balancesOf(id)))).flat();
  };

  return {
    listBalances: async ({ caller, query }) => ({
      items: await all(caller.owner, query.connection),
      next: null,
    }),
    getPortfolio: async ({ caller }): Promise<Portfolio> => {
      const [holdings, views] = await Promise.all([all(caller.owner, undefined), service.bots(caller.owner)]);
      let risk = 0n;
      for (const { plan, state } of views)
        for (const { market, amount } of risksOf(plan, state))
          risk += rescaleUnits(amount, market.quoteScale, WORTH_SCALE, 'ceil');
      const worth = holdings.reduce(
        (sum, one) => sum + (one.worth === null ? 0n : units(parseDecimal(one.worth))),
        0n,
      );
      const first = await keepWorth(database, caller.owner, formatTrimmed(worth, WORTH_SCALE));
      return {
        environment: 'paper',
        quote: QUOTE,
        today: first === null ? null : formatTrimmed(worth - units(parseDecimal(first)), WORTH_SCALE),
        worth: formatTrimmed(worth, WORTH_SCALE),
        openRisk: formatTrimmed(risk, WORTH_SCALE),
        holdings,
        asOf: new Date().toISOString(),
        stale: false,
      };
    },
    getWorthHistory: async ({ caller, query }) => {
      const { rows } = await sql<{ at: Date; worth: string }>`
        select at, trim_scale(worth)::text as worth from worth_point
        where owner = ${caller.owner} and at > now() - make_interval(days => ${query.days}::int)
        order by at`.execute(database);
      return { items: rows.map(({ at, worth }) => ({ at: at.toISOString(), worth })), next: null };
    },
  };
}

/** Keeps a point of the curve, one in five minutes; the first of this UTC day, or null where this is the first. */
async function keepWorth(database: Kysely<Tables>, owner: string, worth: string): Promise<string | null> {
  await sql`
    insert into worth_point (owner, at, worth)
    select ${owner}, now(), ${worth}::numeric
    where not exists (
      select from worth_point where owner = ${owner} and at > now() - interval '5 minutes'
    )`.execute(database);
  const { rows } = await sql<{ worth: string }>`
    select trim_scale(worth)::text as worth from worth_point
    where owner = ${owner} and at >= date_trunc('day', now() at time zone 'UTC') at time zone 'UTC'
    order by at limit 1`.execute(database);
  return rows[0]?.worth ?? null;
}

async function worthOf(
  markets: MarketBook,
  list: readonly Market[],
  asset: string,
  free: Decimal,
  locked: Decimal,
): Promise<string | null> {
  const held = units(free) + units(locked);
  if (asset === QUOTE) return formatTrimmed(held, WORTH_SCALE);
  const market = list.find(({ base, quote }) => base === asset && quote === QUOTE);
  if (market === undefined) return null;
  const price = await markets.price(market).catch(() => null);
  // Units of the held asset times units of the price.
  if (price === null) return null;
  return formatTrimmed(
    rescaleUnits(held * price, WORTH_SCALE + market.priceScale, WORTH_SCALE, 'floor'),
    WORTH_SCALE,
  );
}

function units({ units: value, scale }: Decimal): bigint {
  return rescaleUnits(value, scale, WORTH_SCALE, 'floor');
}
