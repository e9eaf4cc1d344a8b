import type { Queued } from './price-levels.ts';

export const SIDES = ['BUY', 'SELL'] as const;
export type Side = (typeof SIDES)[number];

export const ORDER_TYPES = [
  'LIMIT',
  'LIMIT_MAKER',
  'MARKET',
  'STOP_LOSS',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT',
  'TAKE_PROFIT_LIMIT',
] as const;
export type OrderType = (typeof ORDER_TYPES)[number];

export const TIMES_IN_FORCE = ['GTC', 'IOC', 'FOK'] as const;
export type TimeInForce = (typeof TIMES_IN_FORCE)[number];

export const SELF_TRADE_PREVENTION = ['NONE', 'EXPIRE_TAKER', 'EXPIRE_MAKER', 'EXPIRE_BOTH'] as const;
export type SelfTradePrevention = (typeof SELF_TRADE_PREVENTION)[number];

export type OrderStatus = 'NEW' | 'PARTIALLY_FILLED' | 'FILLED' | 'CANCELED' | 'EXPIRED' | 'EXPIRED_IN_MATCH';

/** An order that waits for its stop price, or holds a trailing one, before it may reach the book. */
export type AlgoOrderType = 'STOP_LOSS' | 'STOP_LOSS_LIMIT' | 'TAKE_PROFIT' | 'TAKE_PROFIT_LIMIT';

export function isAlgo(type: OrderType): type is AlgoOrderType {
  return type.startsWith('STOP_LOSS') || type.startsWith('TAKE_PROFIT');
}

/** True for the types that execute at whatever price the book offers. */
export function isUnpriced(type: OrderType): boolean {
  return type === 'MARKET' || type === 'STOP_LOSS' || type === 'TAKE_PROFIT';
}

/**
 * What an order asks for; it never changes. Prices are ticks and quantities lots of its market; amounts of assets
 * are units of 0.00000001.
 */
export interface OrderTerms {
  readonly id: number;
  readonly account: number;
  readonly symbol: string;
  readonly clientOrderId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** Limit price; 0 for orders without one. */
  readonly limitTicks: number;
  /** Amount of the quote asset a market order may spend or should receive; 0n when ordered by quantity. */
  readonly quoteOrderUnits: bigint;
  /** Trailing distance in hundredths of a percent; 0 for none. */
  readonly trailingBips: number;
  readonly selfTradePrevention: SelfTradePrevention;
  /** Order list this order belongs to; -1 for none, as on the wire. */
  readonly listId: number;
  readonly createdAt: number;
}

/** How far an order has come, as its owner is told. */
export interface OrderProgress {
  status: OrderStatus;
  /** Ordered quantity; grows from 0 while a market order by quote amount is filled. */
  lots: number;
  executedLots: number;
  executedQuoteUnits: bigint;
  /** Stop price; 0 when there is none. Follows the market on a trailing order. */
  stopTicks: number;
  /** True once the order may trade: at once for most, after its stop price for the others. */
  isWorking: boolean;
  workingAt: number;
}

/** One order. Only the exchange changes it; everyone else reads it. */
export interface Order extends OrderTerms, OrderProgress, Queued<Order> {
  /** Best price seen since a trailing order became active; 0 before that. */
  trailingExtremeTicks: number;
  updatedAt: number;
  /** What the account still has locked for this order, in the asset that the order spends. */
  lockedUnits: bigint;
  /** The links of its account's open orders. */
  olderOpen: Order | null;
  newerOpen: Order | null;
}

/** How far the order is now: the order itself goes on. */
export function progressOf(order: Order): OrderProgress {
  return {
    status: order.status,
    lots: order.lots,
    executedLots: order.executedLots,
    executedQuoteUnits: order.executedQuoteUnits,
    stopTicks: order.stopTicks,
    isWorking: order.isWorking,
    workingAt: order.workingAt,
  };
}

/** The order as it is now, apart from the queues and lists it stands in. */
export function unlinked(order: Order): Order {
  return { ...order, level: null, previous: null, next: null, olderOpen: null, newerOpen: null };
}

/** True while the order can still trade. */
export function isOpen(order: Pick<OrderProgress, 'status'>): boolean {
  return order.status === 'NEW' || order.status === 'PARTIALLY_FILLED';
}
