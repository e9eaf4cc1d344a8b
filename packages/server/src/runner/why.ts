/** Why a bot does not trade at this moment: what it waits for, the nearest first, and what it decided last. */
import type { Saying } from '@counterfoil/api';
import { type IndicatorCondition, type Waiting, waitingFor, type WorkingOrder } from '@counterfoil/engine';
import { formatPrice, formatQuantity, type Market, type Price } from '@counterfoil/vocabulary';
import { saidOf, type Told, told } from '../sayings/tell.ts';
import { workingOrdersOf } from './machines.ts';
import { marketsOf } from './plan.ts';
import type { BotView } from './service.ts';

export interface Why extends Told {
  readonly waitingFor: readonly ({ readonly waiting: Waiting } & Told)[];
  /** Orders that rest at the venue or are on their way. */
  readonly orders: readonly ({ readonly name: string } & Told)[];
}

/** `prices` and `markets` as of now, one per market of the bot; a market's status counts as of now too. */
export function whyOf(
  bot: BotView,
  markets: readonly Market[],
  prices: readonly Price[],
  nowMs: number,
): Why {
  const own = marketsOf(bot.plan);
  const waiting = waitingFor(bot.parked, prices, nowMs).map((one) => ({
    waiting: one,
    ...describeWaiting(one, own),
  }));
  const orders = workingOrdersOf(bot.plan.kind, bot.state).map((order) => ({
    name: order.name,
    ...describeOrder(order, own),
  }));
  // The nearest thing, or what stands in the way of everything.
  return { ...nearest(bot, markets, waiting[0]?.said, orders.length), waitingFor: waiting, orders };
}

function nearest(bot: BotView, markets: readonly Market[], about: Saying | undefined, orders: number): Told {
  if (bot.status === 'created') return told('why-not-started', {});
  if (bot.status !== 'running') return told('why-stopped', {});
  const closed = markets.find((market) => market.status !== 'trading');
  if (closed !== undefined)
    return told('why-market-closed', { symbol: closed.symbol, status: closed.status });
  if (about === undefined)
    return orders === 0 ? told('why-waits-for-owner', {}) : told('why-waits-for-fills', { orders });
  return orders === 0 ? told('why-waits', { about }) : told('why-waits-and-rests', { about, orders });
}

export function describeWaiting(waiting: Waiting, markets: readonly Market[]): Told {
  switch (waiting.for) {
    case 'time':
      return told('until-time', { seconds: Math.ceil(waiting.leftMs / 1_000) });
    case 'conditions':
      return waiting.conditions.length === 0
        ? told('until-next-price', {})
        : told('until-conditions', { all: waiting.conditions.map(describeCondition) });
    case 'price': {
      const market = marketAt(markets, waiting.market);
      const level = formatPrice(market, waiting.level);
      const now = formatPrice(market, waiting.now);
      const distance = (waiting.distancePpm / 10_000).toFixed(2);
      const code = `until-${waiting.side}${waiting.trailing ? '-trailing' : ''}` as const;
      return told(code, { level, now, distance });
    }
    default:
      return waiting satisfies never;
  }
}

function describeCondition({ indicator, timeframe, compare, level }: IndicatorCondition): Saying {
  return saidOf('condition', { indicator: indicator.kind, timeframe, compare, threshold: String(level) });
}

function describeOrder(order: WorkingOrder, markets: readonly Market[]): Told {
  // Machines of several markets name their orders by deal; sizes of one bot's markets have one scale.
  const market = marketAt(markets, 0);
  const { side, state, price } = order;
  const quantity = formatQuantity(market, order.quantity);
  const filled = order.filledQuantity === 0n ? '0' : formatQuantity(market, order.filledQuantity);
  const same = { side, quantity, base: market.base, filled, state };
  return price === null
    ? told('order-at-market', same)
    : told('order-at-price', { ...same, price: formatPrice(market, price) });
}

function marketAt(markets: readonly Market[], index: number): Market {
  const market = markets[index];
  if (market === undefined) throw new Error('a bot waits on the markets of its plan');
  return market;
}
