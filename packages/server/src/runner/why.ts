/** Why a bot does not trade at this moment: what it waits for, the nearest first, and what it decided last. */
import { describeWaiting, type Waiting, waitingFor, type WorkingOrder } from '@counterfoil/engine';
import { formatPrice, formatQuantity, type Market, type Price } from '@counterfoil/vocabulary';
import { workingOrdersOf } from './machines.ts';
import { type BotPlan, marketsOf } from './plan.ts';
import type { BotView } from './service.ts';

export interface Why {
  /** One sentence: the nearest thing, or what stands in the way of everything. */
  readonly sentence: string;
  readonly waitingFor: readonly { readonly waiting: Waiting; readonly sentence: string }[];
  /** Orders that rest at the venue or are on their way. */
  readonly orders: readonly { readonly name: string; readonly sentence: string }[];
}

/** `prices` and `markets` as of now, one per market of the bot; a market's status counts as of now too. */
export function whyOf(
  bot: BotView,
  markets: readonly Market[],
  prices: readonly Price[],
  nowMs: number,
): Why {
  const waiting = waitingFor(bot.parked, prices, nowMs).map((one) => ({
    waiting: one,
    sentence: describeWaiting(one, marketsOf(bot.plan)),
  }));
  const orders = workingOrdersOf(bot.plan.kind, bot.state).map((order) => ({
    name: order.name,
    sentence: describeOrder(order, marketsOf(bot.plan), bot.plan),
  }));
  return { sentence: sentenceOf(bot, markets, waiting[0]?.sentence, orders), waitingFor: waiting, orders };
}

function sentenceOf(
  bot: BotView,
  markets: readonly Market[],
  nearest: string | undefined,
  orders: Why['orders'],
): string {
  if (bot.status === 'created') return 'It has not been started.';
  if (bot.status !== 'running') return 'It has stopped: it holds no order and waits for nothing.';
  const closed = markets.find((market) => market.status !== 'trading');
  if (closed !== undefined)
    return `The market ${closed.symbol} is ${closed.status}: nothing is bought or sold until it trades again.`;
  const rests =
    orders.length === 0 ? '' : `${orders.length} of its orders ${orders.length === 1 ? 'is' : 'are'} open`;
  if (nearest === undefined)
    return rests === '' ? 'It waits for its owner.' : `${rests}: it waits for their fills.`;
  return rests === '' ? `It waits for ${nearest}.` : `It waits for ${nearest}; ${rests}.`;
}

function describeOrder(order: WorkingOrder, markets: readonly Market[], plan: BotPlan): string {
  // Machines of several markets name their orders by deal; sizes of one bot's markets have one scale.
  const market = markets[0];
  if (market === undefined) return `an order of a ${plan.kind} bot without a market`;
  const at = order.price === null ? 'at market' : `at ${formatPrice(market, order.price)}`;
  const filled =
    order.filledQuantity === 0n ? '' : `, ${formatQuantity(market, order.filledQuantity)} of it filled`;
  const state = order.state === 'working' ? '' : ` (${order.state})`;
  return `${order.side} ${formatQuantity(market, order.quantity)} ${market.base} ${at}${filled}${state}`;
}
