/** A bot of the runner on a real ledger, and a line to a vault whose answers a test writes. */
import type { MachineEvent } from '@counterfoil/engine';
import { type Market, parseAmount, parsePrice, parseQuantity } from '@counterfoil/vocabulary';
import type { GateResult, Intent, UseRecord } from '@counterfoil/vocabulary/protocol';
import { clientOrderId, venueOrderId } from '@counterfoil/vocabulary';
import type { Append } from '../src/ledger/append.ts';
import { Leases } from '../src/ledger/leases.ts';
import { Ledger } from '../src/ledger/ledger.ts';
import { type BotHost, LiveBot } from '../src/runner/live-bot.ts';
import { loadBot } from '../src/runner/load.ts';
import type { BotPlan } from '../src/runner/plan.ts';
import { BotService } from '../src/runner/service.ts';
import type { GateSession } from '../src/worker/gate-link.ts';
import { paperMarket } from './_market.ts';
import { CONNECTION } from './_ledger.ts';
import type { TestDatabase } from './_database.ts';

export const OWNER = 'ada';
export const market: Market = paperMarket;

/** Buys 0.01 at market when it starts, and leaves at one percent more by a resting order. */
export const plan: BotPlan = {
  kind: 'smart-trade',
  options: {
    market,
    direction: 'long',
    quantity: parseQuantity(market, '0.01'),
    entry: { kind: 'market' },
    exit: {
      targets: [
        {
          at: { by: 'price', price: parsePrice(market, '62620') },
          share: 100_000_000n as Market['takerFee'],
          type: 'limit',
        },
      ],
      trailing: null,
      stop: null,
    },
  },
};

export function started(): MachineEvent<unknown> {
  return { kind: 'started', market: 0, atMs: 1_000, price: parsePrice(market, '62000') };
}

/** A whole fill of an order of `plan`. */
export function filled(
  order: string,
  side: 'buy' | 'sell',
  price: string,
  id: string,
): MachineEvent<unknown> {
  const quantity = parseQuantity(market, '0.01');
  return {
    kind: 'orderFilled',
    order,
    fill: {
      tradeId: id,
      side,
      price: parsePrice(market, price),
      quantity,
      amount: parseAmount(market, (Number(price) / 100).toFixed(2)),
      fee: 0n,
      feeAsset: market.quote,
      feeScale: 8,
      liquidity: 'taker',
      atMs: 2_000,
    },
  };
}

export interface Stage {
  readonly bot: LiveBot;
  readonly sent: string[];
  readonly lost: string[];
  readonly ledger: Ledger;
  readonly leases: Leases;
  /** The bot as the ledger has it now, in a new object. */
  readonly again: () => Promise<LiveBot>;
}

/**
 * A new bot of `plan`, loaded by a worker that has its shard. `record` sees every append before it is made;
 * `marketToday` is what the venue states by now.
 */
export async function stage(
  database: TestDatabase,
  record: (append: Append) => void = () => {},
  marketToday: BotHost['marketToday'] = () => undefined,
): Promise<Stage> {
  const service = new BotService(database.kysely);
  const id = await service.create({ owner: OWNER, name: 'test', connection: CONNECTION, plan });
  const leases = new Leases(database.pool, 'w1');
  await leases.round();
  const ledger = new Ledger(database.pool);
  const sent: string[] = [];
  const lost: string[] = [];
  const append = ledger.append.bind(ledger);
  ledger.append = (one) => {
    record(one);
    return append(one);
  };
  const host: BotHost = {
    ledger,
    epochOf: (shard) => leases.held.get(shard),
    marketToday,
    extremesOf: () => new Map(),
    park: () => {},
    send: (_bot, intent, order) => sent.push(`${intent.body.method} ${order.name}`),
    lost: (_bot, why) => lost.push(why),
  };
  const again = async (): Promise<LiveBot> => {
    const loaded = await loadBot(database.pool, OWNER, id);
    if (loaded === null) throw new Error('the bot is gone');
    const bot = new LiveBot(loaded.record, host);
    for (const order of loaded.orders) bot.orders.set(order.name, order);
    return bot;
  };
  return { bot: await again(), sent, lost, ledger, leases, again };
}

/** Tells an event and waits for its commit; false where the bot went to somebody else. */
export function tell(bot: LiveBot, event: MachineEvent<unknown>): Promise<boolean> {
  return new Promise((resolve) => bot.tell({ event, status: 'running', done: resolve }));
}

/** A line whose answers are `answer`'s; what was asked is kept. */
export function lineOf(
  answer: (intent: Intent) => GateResult | Error,
): GateSession & { readonly asked: Intent[] } {
  const asked: Intent[] = [];
  return {
    asked,
    epoch: 1,
    closed: new Promise(() => {}),
    ask: (intent) => {
      asked.push(intent);
      const given = answer(intent);
      return given instanceof Error ? Promise.reject(given) : Promise.resolve(given);
    },
    listen: () => {},
  };
}

export function useOf(state: UseRecord['state'], report: UseRecord['report'] = null): GateResult {
  const id = clientOrderId.parse('x-1');
  return {
    kind: 'use',
    use: { state, clientOrderId: id, report, venueCode: null, venueSentence: null, receipt: null },
  };
}

export function reportOf(state: 'acknowledged' | 'filled' | 'cancelled'): NonNullable<UseRecord['report']> {
  return {
    venueOrderId: venueOrderId.parse('77'),
    state,
    filledQuantity: null,
    filledAmount: null,
    price: null,
    atMs: null,
  };
}
