/**
 * Looks, beside the workers and without their memory, for positions that nothing protects: an exit counts while it
 * rests at the venue, a trigger only while a worker holds its bot.
 */
import { loadShards, type LoadedBot } from '../packages/server/src/runner/load.ts';
import { nakedPositions, UNPROTECTED_MS_MAX, venueWorth } from '../packages/server/src/runner/protection.ts';
import type { Database } from '@counterfoil/server';
import type { PublicRest } from '@counterfoil/venues';
import { formatAmount, type Market, parsePrice, type Price } from '@counterfoil/vocabulary';

/** Thirty looks within the deadline; each reads every bot. */
const LOOK_MS = 3_000;

export interface Sight {
  readonly bots: readonly LoadedBot[];
  /** Shards that a worker holds. */
  readonly held: ReadonlySet<number>;
  /** Client order ids of what rests at the venue. */
  readonly resting: ReadonlySet<string>;
  /** What the venue holds a market order to be worth: its own average price, or the last one where that is lower. */
  readonly priceOf: (market: Market) => Price | null;
  readonly rulesOf: (market: Market) => Market;
}

/** How long each position has been without an exit; every one that was so for longer than its deadline. */
export class ProtectionWatch {
  readonly #sinceMs = new Map<string, number>();
  /** What had happened to those bots by then. */
  readonly #late = new Map<string, string>();
  #longestMs = 0;

  /** The positions whose deadline has passed since the last look. */
  look({ bots, held, resting, priceOf, rulesOf }: Sight, nowMs: number): readonly string[] {
    const newlyLate: string[] = [];
    const naked = new Set<string>();
    for (const { record, orders } of bots) {
      const tracked = new Map(
        orders.map((order) => {
          const rests = order.clientOrderId !== null && resting.has(order.clientOrderId);
          return [order.name, { ...order, state: rests ? ('accepted' as const) : ('sent' as const) }];
        }),
      );
      const armed = held.has(record.shard) ? record.parked : [];
      for (const deal of nakedPositions(record.plan, record.state, armed, tracked, priceOf, rulesOf))
        naked.add(`${record.id}/${deal}`);
    }
    for (const name of naked) {
      const since = this.#sinceMs.get(name) ?? nowMs;
      this.#sinceMs.set(name, since);
      this.#longestMs = Math.max(this.#longestMs, nowMs - since);
      if (nowMs - since > UNPROTECTED_MS_MAX && !this.#late.has(name)) {
        this.#late.set(name, '');
        newlyLate.push(name);
      }
    }
    for (const name of this.#sinceMs.keys()) if (!naked.has(name)) this.#sinceMs.delete(name);
    return newlyLate;
  }

  /** Adds to a late position what its bot went through. */
  explain(name: string, story: string): void {
    this.#late.set(name, story);
  }

  get longestMs(): number {
    return this.#longestMs;
  }

  get contradictions(): readonly string[] {
    return [...this.#late].map(
      ([name, story]) =>
        `position ${name} was without an exit for longer than ${UNPROTECTED_MS_MAX} ms${story}`,
    );
  }
}

/** Looks until it is stopped. While database or exchange are dead nothing can be seen, and every clock goes on. */
export function watchPositions(
  database: Database,
  adminUrl: string,
  rest: PublicRest,
): { readonly watch: ProtectionWatch; readonly stop: () => Promise<void> } {
  const watch = new ProtectionWatch();
  let isStopped = false;
  const looking = (async () => {
    while (!isStopped) {
      try {
        const { sight, markets } = await see(database, adminUrl, rest);
        for (const name of watch.look(sight, Date.now()))
          watch.explain(name, `${await storyOf(database, name)}\n  ${markets}`);
      } catch {
        // The next look sees how long it really took.
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  })();
  return {
    watch,
    stop: () => {
      isStopped = true;
      return looking;
    },
  };
}

/** What its bot was told and what it asked for, in the last minutes. */
async function storyOf({ pool }: Database, position: string): Promise<string> {
  const bot = position.slice(0, position.indexOf('/'));
  const { rows } = await pool.query<{ readonly at: Date; readonly what: string }>(
    `select at, what from (
       select at, concat(event, ' ', notes) as what from bot_event where bot = $1
       union all
       select journalled_at, concat(method, ' ', order_name, ' ', state, ' ', outcome) from intent where bot = $1
     ) told where at > now() - interval '4 minutes' order by at`,
    [bot],
  );
  return rows.map(({ at, what }) => `\n  ${at.toISOString()} ${what}`).join('');
}

async function see(
  { pool }: Database,
  adminUrl: string,
  rest: PublicRest,
): Promise<{ readonly sight: Sight; readonly markets: string }> {
  const shards = await pool.query<{ id: number; held: boolean }>(
    'select id, until > now() as held from shard',
  );
  const bots = await loadShards(
    pool,
    shards.rows.map(({ id }) => id),
  );
  // Read after the ledger: an exit that rests by the ledger has been placed by now.
  const answer = await fetch(`${adminUrl}/orders?open=true`);
  const open = (await answer.json()) as readonly { readonly clientOrderId: string }[];
  const markets = bots.flatMap(({ record: { plan } }) =>
    plan.kind === 'dca' ? plan.options.markets : [plan.options.market],
  );
  const symbols = [...new Set(markets.map(({ symbol }) => symbol))];
  const rules = new Map((await rest.markets(symbols)).map((market) => [market.symbol, market] as const));
  const prices = new Map(
    await Promise.all(
      symbols.map(async (symbol) => {
        const [last, average] = await Promise.all([rest.price(symbol), rest.averagePrice(symbol)]);
        const worth = (market: Market): Price => venueWorth(market, parsePrice(market, last), average);
        return [symbol, { last, average, worth }] as const;
      }),
    ),
  );
  const sight: Sight = {
    bots,
    held: new Set(shards.rows.filter(({ held }) => held).map(({ id }) => id)),
    resting: new Set(open.map(({ clientOrderId }) => clientOrderId)),
    priceOf: (market) => prices.get(market.symbol)?.worth(market) ?? null,
    rulesOf: (market) => rules.get(market.symbol) ?? market,
  };
  const told = [...rules.values()].map((market) => {
    const { last, average } = prices.get(market.symbol) ?? {};
    return `${market.symbol} last ${last} average ${average} smallest ${formatAmount(market, market.notionalMin)}`;
  });
  return { sight, markets: told.join(', ') };
}
