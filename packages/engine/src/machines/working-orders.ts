import {
  ceilToTick,
  type Fill,
  finalStates,
  floorToLot,
  floorToTick,
  type Market,
  type OrderIntent,
  type OrderRefusal,
  type OrderReport,
  type OrderRequest,
  type Price,
  type Quantity,
  type Side,
} from '@counterfoil/vocabulary';
import type { Note } from './notes.ts';
import { plus, zero } from './units.ts';

/** What should rest or run at the venue. `quantity` includes what a working order of that role has filled. */
export interface DesiredOrder {
  /** What the order is for, unique within its owner; at most one order per role works at a time. */
  readonly role: string;
  readonly side: Side;
  readonly type: 'limit' | 'market';
  /** Null for market orders. */
  readonly price: Price | null;
  readonly quantity: Quantity;
}

/** An order that was asked for and whose end is not known yet. */
export interface WorkingOrder extends DesiredOrder {
  readonly name: string;
  readonly filledQuantity: Quantity;
  readonly state: 'working' | 'cancelling' | 'unknown' | 'ended';
  /** Filled quantity as the venue stated it with the end; fills up to it may still be on their way. */
  readonly endedQuantity: Quantity;
  /** Trades booked, so that a fill told twice counts once. */
  readonly trades: readonly string[];
}

/** The orders of one deal or grid, and what must not be asked for again yet. */
export interface WorkingOrders {
  readonly prefix: string;
  /** Which of the bot's markets they are on. */
  readonly market: number;
  readonly placed: number;
  readonly working: readonly WorkingOrder[];
  readonly held: readonly HeldRole[];
}

/** A role whose order the venue refused or ended: wanted again at `retryAtMs`, later each time. */
interface HeldRole {
  readonly role: string;
  /** Null once the moment has come and the role was looked at: from then on it is asked for like any other. */
  readonly retryAtMs: number | null;
  readonly refusals: number;
}

/**
 * First pause after a refusal, doubling: a lack of funds or a halt is not cured by asking again at once. The longest
 * stays short, because the order may be a position's only exit: two asks a minute trouble no venue.
 */
const RETRY_FIRST_MS = 10_000;
/** The same where the reason passes by itself: an exit must not wait three times as long as its venue was busy. */
const PASSING_RETRY_FIRST_MS = 2_000;
const RETRY_MAX_MS = 30_000;

/**
 * A limit entry that is partly filled gives up its rest after this time, so that the part gets its exits. With two
 * refusals of the exit behind it, the position is still protected before its owner would have to be told.
 */
export const PARTLY_OPEN_MAX_MS = 20_000;

export function noOrders(prefix: string, market: number): WorkingOrders {
  return { prefix, market, placed: 0, working: [], held: [] };
}

export function findOrder(orders: WorkingOrders, name: string): WorkingOrder | undefined {
  return orders.working.find((order) => order.name === name);
}

export interface Booked {
  readonly orders: WorkingOrders;
  readonly order: WorkingOrder;
  /** False for a trade that was booked before. */
  readonly isNew: boolean;
  /** The order is complete and gone from the list. */
  readonly complete: boolean;
  /** It is gone from the list: complete, or ended by the venue before, and this was its last fill. */
  readonly over: boolean;
}

/** Books a fill on its order. A filled order leaves the list; so does an ended one whose last fill this was. */
export function bookFill(orders: WorkingOrders, order: WorkingOrder, fill: Fill): Booked {
  if (order.trades.includes(fill.tradeId))
    return { orders, order, isNew: false, complete: false, over: false };
  const filledQuantity = plus(order.filledQuantity, fill.quantity);
  const booked = { ...order, filledQuantity, trades: [...order.trades, fill.tradeId] };
  const complete = filledQuantity >= order.quantity;
  const over = complete || (order.state === 'ended' && filledQuantity >= order.endedQuantity);
  const held = complete ? orders.held.filter((one) => one.role !== order.role) : orders.held;
  return {
    orders: { ...withOrder(orders, order.name, over ? null : booked), held },
    order: booked,
    isNew: true,
    complete,
    over,
  };
}

/** Books a venue's report; `ended` is the order when the report leaves nothing of it to wait for. */
export function bookReport(
  orders: WorkingOrders,
  order: WorkingOrder,
  report: OrderReport,
): { readonly orders: WorkingOrders; readonly ended: boolean; readonly notes: readonly Note[] } {
  if (order.state === 'ended') return { orders, ended: false, notes: [] };
  if (!finalStates.has(report.state)) {
    const state =
      report.state === 'unknown' ? 'unknown' : order.state === 'unknown' ? 'working' : order.state;
    return { orders: withOrder(orders, order.name, { ...order, state }), ended: false, notes: [] };
  }
  const wanted = order.state === 'cancelling' || report.state === 'filled';
  // What has traded comes closer to its end: the rest is asked for at once, or a thin book would hold up an exit. An
  // empty one lets an order expire, and soon fills again; who cancels it by hand is not to be fought.
  const firstMs = report.state === 'expired' ? PASSING_RETRY_FIRST_MS : RETRY_FIRST_MS;
  const isHeld = !wanted && report.filledQuantity === 0n;
  const held = isHeld ? holdRole(orders, order.role, report.atMs, firstMs) : null;
  const retryAtMs = held === null ? report.atMs : held.retryAtMs;
  const notes: Note[] = wanted ? [] : [{ code: 'order-ended-by-venue', order: order.name, retryAtMs }];
  const next = held === null ? orders : withHeld(orders, held);
  if (order.filledQuantity >= report.filledQuantity) {
    return { orders: withOrder(next, order.name, null), ended: true, notes };
  }
  const waiting: WorkingOrder = { ...order, state: 'ended', endedQuantity: report.filledQuantity };
  return { orders: withOrder(next, order.name, waiting), ended: false, notes };
}

/** Books a refusal: the order never was. */
export function bookRefusal(
  orders: WorkingOrders,
  order: WorkingOrder,
  { reason, passes, atMs }: Pick<OrderRefusal, 'reason' | 'passes' | 'atMs'>,
): { readonly orders: WorkingOrders; readonly notes: readonly Note[] } {
  const held = holdRole(orders, order.role, atMs, passes ? PASSING_RETRY_FIRST_MS : RETRY_FIRST_MS);
  return {
    orders: withHeld(withOrder(orders, order.name, null), held),
    notes: [{ code: 'order-refused', order: order.name, reason, retryAtMs: held.retryAtMs }],
  };
}

/**
 * When the next held role is to be looked at again, or null. It may have passed: an event of another deal can come
 * between the moment and its trigger, and this one must not be forgotten over it.
 */
export function nextRetryMs({ held }: WorkingOrders): number | null {
  let next: number | null = null;
  for (const { retryAtMs } of held) {
    if (retryAtMs !== null && (next === null || retryAtMs < next)) next = retryAtMs;
  }
  return next;
}

/**
 * Brings what works to what is desired: cancels what is not wanted or not wanted like this, places what is
 * missing. Nothing is placed on a side on which a cancel is under way or an outcome is unknown: the money of that
 * order may still be locked, or be spent already.
 */
export function reconcile(
  orders: WorkingOrders,
  desired: readonly DesiredOrder[],
  atMs: number,
  market: Market,
): { readonly orders: WorkingOrders; readonly intents: readonly OrderIntent[] } {
  const intents: OrderIntent[] = [];
  const held = looked(orders.held, atMs);
  const wanted = new Map(desired.map((one) => [one.role, one]));
  const taken = new Set<string>();
  const blocked = new Set<Side>();
  const working = orders.working.map((order): WorkingOrder => {
    taken.add(order.role);
    const stays = order.state === 'working' && isSame(wanted.get(order.role), order, market);
    if (!stays) blocked.add(order.side);
    if (stays || order.state !== 'working') return order;
    intents.push({ kind: 'cancel', order: order.name });
    return { ...order, state: 'cancelling' };
  });
  let placed = orders.placed;
  const added: WorkingOrder[] = [];
  for (const one of desired) {
    if (blocked.has(one.side) || taken.has(one.role)) continue;
    if (held.some(({ role, retryAtMs }) => role === one.role && retryAtMs !== null)) continue;
    placed++;
    const name = `${orders.prefix}-${one.role}-${placed}`;
    added.push({ ...one, name, filledQuantity: zero(), state: 'working', endedQuantity: zero(), trades: [] });
    intents.push({ kind: 'place', order: name, market: orders.market, request: requestOf(one) });
  }
  if (intents.length === 0 && held === orders.held) return { orders, intents };
  return {
    orders: { ...orders, placed, working: added.length === 0 ? working : [...working, ...added], held },
    intents,
  };
}

/** The same roles, those whose moment has come without it. */
function looked(held: readonly HeldRole[], atMs: number): readonly HeldRole[] {
  const isDue = ({ retryAtMs }: HeldRole): boolean => retryAtMs !== null && retryAtMs <= atMs;
  return held.some(isDue) ? held.map((one) => (isDue(one) ? { ...one, retryAtMs: null } : one)) : held;
}

/** An order whose terms were fixed earlier, on the steps that the venue demands now: at no worse a price, no larger. */
export function onSteps(market: Market, order: DesiredOrder): DesiredOrder {
  const price = order.price === null ? null : tickFor(market, order.side, order.price);
  return { ...order, price, quantity: floorToLot(market, order.quantity) };
}

/** A price on the tick at which an order of `side` is not worse off. */
export function tickFor(market: Market, side: Side, price: Price): Price {
  if (price % market.tick === 0n) return price;
  return side === 'buy' ? floorToTick(market, price) : ceilToTick(market, price);
}

function requestOf(order: DesiredOrder): OrderRequest {
  return {
    side: order.side,
    type: order.type,
    sizing: { by: 'base', quantity: order.quantity },
    price: order.price,
    stopPrice: null,
    trailBy: null,
    timeInForce: 'gtc',
    reduceOnly: false,
  };
}

/** What was placed under finer steps and rests is what is desired under today's. */
function isSame(desired: DesiredOrder | undefined, order: WorkingOrder, market: Market): boolean {
  return (
    desired !== undefined &&
    desired.type === order.type &&
    desired.side === order.side &&
    (desired.quantity === order.quantity || desired.quantity === floorToLot(market, order.quantity)) &&
    (desired.price === order.price ||
      (order.price !== null && desired.price === tickFor(market, order.side, order.price)))
  );
}

function withOrder(orders: WorkingOrders, name: string, order: WorkingOrder | null): WorkingOrders {
  return {
    ...orders,
    working:
      order === null
        ? orders.working.filter((one) => one.name !== name)
        : orders.working.map((one) => (one.name === name ? order : one)),
  };
}

function holdRole(
  orders: WorkingOrders,
  role: string,
  atMs: number,
  firstMs: number,
): HeldRole & { readonly retryAtMs: number } {
  const refusals = (orders.held.find((held) => held.role === role)?.refusals ?? 0) + 1;
  const pauseMs = Math.min(firstMs * 2 ** (refusals - 1), RETRY_MAX_MS);
  return { role, retryAtMs: atMs + pauseMs, refusals };
}

function withHeld(orders: WorkingOrders, held: HeldRole): WorkingOrders {
  return { ...orders, held: [...orders.held.filter((one) => one.role !== held.role), held] };
}
