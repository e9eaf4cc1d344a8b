import type { Fill, OrderRefusal, OrderReport, Price } from '@counterfoil/vocabulary';
import { book } from '../account.ts';
import type { CloseReason, Note } from '../notes.ts';
import { bookFill, bookRefusal, bookReport, type WorkingOrder } from '../working-orders.ts';
import { entered, entering } from './entering.ts';
import { isExited, stopAt } from './exits.ts';
import type { SmartTradeOptions } from './options.ts';
import type { SmartTradeState } from './state.ts';

/** Books a fill: the account first, then what its order was for. */
export function onFill(
  options: SmartTradeOptions,
  state: SmartTradeState,
  order: WorkingOrder,
  fill: Fill,
  notes: Note[],
): SmartTradeState {
  const booked = bookFill(state.orders, order, fill);
  if (!booked.isNew) {
    notes.push({ code: 'ignored', what: order.name, why: 'booked', detail: fill.tradeId });
    return state;
  }
  const account = book(state.account, options.market, options.direction, fill);
  const isPart = order.role === 'entry' && order.type === 'limit' && state.phase === 'entering';
  const partlyOpenSinceMs = isPart ? (state.partlyOpenSinceMs ?? fill.atMs) : state.partlyOpenSinceMs;
  const next: SmartTradeState = {
    ...state,
    orders: booked.orders,
    account,
    price: fill.price,
    partlyOpenSinceMs,
  };
  // Of an entry that the venue had ended before this fill was told, what was bought is the entry.
  const isDone = booked.complete || (booked.over && order.role === 'entry');
  const after = isDone ? orderComplete(options, next, booked.order, fill.price, notes) : next;
  const exited = after.phase === 'open' && isExited(options, after);
  return exited
    ? { ...after, phase: 'closing', why: after.targetsTaken > 0 ? 'take-profit' : 'closed-by-user' }
    : after;
}

function orderComplete(
  options: SmartTradeOptions,
  state: SmartTradeState,
  order: WorkingOrder,
  price: Price,
  notes: Note[],
): SmartTradeState {
  const { role, filledQuantity: quantity } = order;
  if (role === 'entry') return state.phase === 'entering' ? entered(options, state, notes) : state;
  if (role.startsWith('tp')) {
    const step = state.targetsTaken + 1;
    notes.push({ code: 'target-taken', deal: 1, step, price, quantity });
    const taken = { ...state, targetsTaken: step, targetNow: false };
    const level = stopAt(options, taken);
    if (level !== null && level.price !== stopAt(options, state)?.price)
      notes.push({ code: 'stop-moved', deal: 1, price: level.price });
    return taken;
  }
  return { ...state, extras: state.extras.filter((one) => one.role !== role) };
}

export function onReport(
  options: SmartTradeOptions,
  state: SmartTradeState,
  order: WorkingOrder,
  report: OrderReport,
  notes: Note[],
): SmartTradeState {
  const booked = bookReport(state.orders, order, report);
  notes.push(...booked.notes);
  const next = { ...state, orders: booked.orders };
  if (!booked.ended || order.role !== 'entry' || next.phase !== 'entering') return next;
  return next.account.enteredQuantity > 0n ? entered(options, next, notes) : next;
}

export function onRefusal(
  state: SmartTradeState,
  order: WorkingOrder,
  refusal: OrderRefusal,
  notes: Note[],
): SmartTradeState {
  const booked = bookRefusal(state.orders, order, refusal);
  notes.push(...booked.notes);
  const extras = state.extras.filter((one) => one.role !== order.role);
  const next = { ...state, orders: booked.orders, extras };
  if (order.role !== 'entry') return next;
  // What was asked for cannot be had; entering later, at another price, would be another trade.
  return next.account.enteredQuantity > 0n ? next : { ...next, phase: 'leaving', why: 'not-opened' };
}

/** What a trigger of the trade means. */
export function onTrigger(
  options: SmartTradeOptions,
  state: SmartTradeState,
  name: string,
  price: Price,
  atMs: number,
  notes: Note[],
): SmartTradeState {
  switch (name) {
    case 'entry': {
      const { entry } = options;
      if (entry.kind !== 'conditional') return state;
      if (entry.trailing !== null) return { ...state, phase: 'trailing-in', trailInFrom: price };
      return entering(options, state, entry.limit);
    }
    case 'entry-trail':
      return entering(options, state, null);
    case 'partly-open':
      return entered(options, state, notes);
    case 'target':
      return { ...state, targetNow: true };
    case 'trail-begin':
      notes.push({ code: 'trailing-began', deal: 1, price });
      return { ...state, trailingFrom: price };
    case 'trail':
      return closing(state, 'trailing-take-profit', price, notes);
    case 'stop':
    case 'stop-trail': {
      const timeoutMs = state.exit?.stop?.timeoutMs ?? null;
      if (timeoutMs === null) return closing(state, 'stop-loss', price, notes);
      notes.push({ code: 'stop-countdown-began', deal: 1, price, untilMs: atMs + timeoutMs });
      return { ...state, stopCountdownUntilMs: atMs + timeoutMs };
    }
    case 'stop-back':
      notes.push({ code: 'stop-countdown-ended', deal: 1, price });
      return { ...state, stopCountdownUntilMs: null };
    case 'stop-over':
      return closing(state, 'stop-loss', price, notes);
    case 'retry':
      return state;
    default:
      notes.push({ code: 'ignored', what: name, why: 'no-such-trigger', detail: 'trade' });
      return state;
  }
}

function closing(state: SmartTradeState, why: CloseReason, price: Price, notes: Note[]): SmartTradeState {
  notes.push({ code: 'closing', deal: 1, why, price });
  return { ...state, phase: 'closing', why, stopCountdownUntilMs: null };
}
