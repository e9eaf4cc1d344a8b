/**
 * Looks, beside the workers and without their memory, for positions that nothing protects: an exit counts while it
 * rests at the venue, a trigger only while a worker holds its bot.
 */
import { loadShards, type LoadedBot } from '../packages/server/src/runner/load.ts';
import { nakedPositions, UNPROTECTED_MS_MAX } from '../packages/server/src/runner/protection.ts';
import type { Database } from '@counterfoil/server';
import type { PublicRest } from '@counterfoil/venues';
import { type Market, parsePrice, type Price } from '@counterfoil/vocabulary';

/** Thirty looks within the deadline; each reads every bot. */
const LOOK_MS = 3_000;

export interface Sight {
  readonly bots: readonly LoadedBot[];
  /** Shards that a worker holds. */
  readonly held: ReadonlySet<number>;
  /** Client order ids of what rests at the venue. */
  readonly resting: ReadonlySet<string>;
  readonly priceOf: (market: Market) => Price | null;
}

/** How long each position has been without an exit; every one that was so for longer than its deadline. */
export class ProtectionWatch {
  readonly #sinceMs = new Map<string, number>();
  readonly #late = new Set<string>();
  #longestMs = 0;

  look({ bots, held, resting, priceOf }: Sight, nowMs: number): void {
    const naked = new Set<string>();
    for (const { record, orders } of bots) {
      const tracked = new Map(
        orders.map((order) => {
          const rests = order.clientOrderId !== null && resting.has(order.clientOrderId);
          return [order.name, { ...order, state: rests ? ('accepted' as const) : ('sent' as const) }];
        }),
      );
      const armed = held.has(record.shard) ? record.parked : [];
      for (const deal of nakedPositions(record.plan, record.state, armed, tracked, priceOf))
        naked.add(`${record.id}/${deal}`);
    }
    for (const name of naked) {
      const since = this.#sinceMs.get(name) ?? nowMs;
      this.#sinceMs.set(name, since);
      this.#longestMs = Math.max(this.#longestMs, nowMs - since);
      if (nowMs - since > UNPROTECTED_MS_MAX) this.#late.add(name);
    }
    for (const name of this.#sinceMs.keys()) if (!naked.has(name)) this.#sinceMs.delete(name);
  }

  get longestMs(): number {
    return this.#longestMs;
  }

  get contradictions(): readonly string[] {
    return [...this.#late].map(
      (name) => `position ${name} was without an exit for longer than ${UNPROTECTED_MS_MAX} ms`,
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
        watch.look(await see(database, adminUrl, rest), Date.now());
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

async function see({ pool }: Database, adminUrl: string, rest: PublicRest): Promise<Sight> {
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
  const prices = new Map(
    await Promise.all(symbols.map(async (symbol) => [symbol, await rest.price(symbol)] as const)),
  );
  return {
    bots,
    held: new Set(shards.rows.filter(({ held }) => held).map(({ id }) => id)),
    resting: new Set(open.map(({ clientOrderId }) => clientOrderId)),
    priceOf: (market) => parsePrice(market, prices.get(market.symbol) ?? ''),
  };
}
