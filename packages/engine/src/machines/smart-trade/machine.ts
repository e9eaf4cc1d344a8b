import type { Fill, OrderReport, Price } from '@counterfoil/vocabulary';
import { averageEntry, baseGain, book, quoteGain } from '../account.ts';
import { entrySide } from '../direction.ts';
import type { Machine, MachineEvent, Step } from '../machine.ts';
import type { CloseReason, Note } from '../notes.ts';
import {
  bookFill,
  bookRefusal,
  bookReport,
  type DesiredOrder,
  findOrder,
  reconcile,
  type WorkingOrder,
} from '../working-orders.ts';
import { obeyCommand } from './commanding.ts';
import { closingOrder, isExited, stopAt, targetOrders } from './exits.ts';
import type { SmartTradeCommand, SmartTradeOptions } from './options.ts';
import { parkedOn } from './parking.ts';
import { beginSmartTrade, type SmartTradeState } from './state.ts';

/** One SmartTrade. Orders are named `s-<role>-<n>`: `entry`, `tp1` to `tp8`, `close`, `add<n>`, `reduce<n>`. */
export const smartTradeMachine: Machine<SmartTradeOptions, SmartTradeState, SmartTradeCommand> = {
  begin: beginSmartTrade,
  step: stepSmartTrade,
};

function stepSmartTrade(
  options: SmartTradeOptions,
  state: SmartTradeState,
  event: MachineEvent<SmartTradeCommand>,
): Step<SmartTradeState> {
  const notes: Note[] = [];
  switch (event.kind) {
    case 'started':
      return settle(
        options,
        start(options, { ...state, price: event.price }, event.price, event.atMs),
        event.atMs,
        notes,
      );
    case 'stopped':
    case 'fundsChanged':
    case 'signal':
      return settle(options, state, event.atMs, notes);
    case 'triggerFired': {
      const next = onTrigger(
        options,
        { ...state, price: event.price },
        event.trigger,
        event.price,
        event.atMs,
        notes,
      );
      return settle(options, next, event.atMs, notes);
    }
    case 'command': {
      const next = obeyCommand(options, { ...state, price: event.price }, event.command, notes);
      return settle(options, next, event.atMs, notes);
    }
    case 'orderFilled':
      return onOrder(options, state, event.order, event.fill.atMs, notes, (order) =>
        onFill(options, state, order, event.fill, notes),
      );
    case 'orderReported':
      return onOrder(options, state, event.report.order, event.report.atMs, notes, (order) =>
        onReport(options, state, order, event.report, notes),
      );
    case 'orderRefused':
      return onOrder(options, state, event.order, event.atMs, notes, (order) =>
        onRefusal(state, order, event.reason, event.atMs, notes),
      );
    default:
      return event satisfies never;
  }
}

function start(
  options: SmartTradeOptions,
  state: SmartTradeState,
  price: Price,
  atMs: number,
): SmartTradeState {
  if (state.phase !== 'idle') return state;
  const begun = { ...state, startedAtMs: atMs };
  const { entry } = options;
  switch (entry.kind) {
    case 'held':
      return { ...begun, phase: 'open', enteredAt: price };
    case 'conditional':
      return { ...begun, phase: 'waiting' };
    case 'market':
      return entering(options, begun, null);
    case 'limit':
      return entering(options, begun, entry.price);
    default:
      return entry satisfies never;
  }
}

/** Sends the entry order: at market, or at `limit`. */
function entering(options: SmartTradeOptions, state: SmartTradeState, limit: Price | null): SmartTradeState {
  const type = limit === null ? 'market' : 'limit';
  const side = entrySide(options.direction);
  return {
    ...state,
    phase: 'entering',
    entry: { role: 'entry', side, type, price: limit, quantity: options.quantity },
  };
}

function onOrder(
  options: SmartTradeOptions,
  state: SmartTradeState,
  name: string,
  atMs: number,
  notes: Note[],
  act: (order: WorkingOrder) => SmartTradeState,
): Step<SmartTradeState> {
  const order = findOrder(state.orders, name);
  if (order !== undefined) return settle(options, act(order), atMs, notes);
  notes.push({ code: 'ignored', what: name, why: 'no such order is working' });
  return settle(options, state, atMs, notes);
}

function onFill(
  options: SmartTradeOptions,
  state: SmartTradeState,
  order: WorkingOrder,
  fill: Fill,
  notes: Note[],
): SmartTradeState {
  const booked = bookFill(state.orders, order, fill);
  if (!booked.isNew) {
    notes.push({ code: 'ignored', what: order.name, why: `trade ${fill.tradeId} is booked already` });
    return state;
  }
  const account = book(state.account, options.market, options.direction, order.side, fill);
  const isPart = order.role === 'entry' && order.type === 'limit' && state.phase === 'entering';
  const partlyOpenSinceMs = isPart ? (state.partlyOpenSinceMs ?? fill.atMs) : state.partlyOpenSinceMs;
  const next: SmartTradeState = {
    ...state,
    orders: booked.orders,
    account,
    price: fill.price,
    partlyOpenSinceMs,
  };
  const after = booked.complete ? orderComplete(options, next, booked.order, fill.price, notes) : next;
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

/** With what has been filled: the whole order, or the part that was there when the venue ended it. */
function entered(options: SmartTradeOptions, state: SmartTradeState, notes: Note[]): SmartTradeState {
  const average = averageEntry(state.account, options.market);
  notes.push({ code: 'deal-opened', deal: 1, price: average, quantity: state.account.enteredQuantity });
  if (state.exit === null) return { ...state, phase: 'leaving', why: 'take-profit' };
  return { ...state, phase: 'open', enteredAt: average };
}

function onReport(
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

function onRefusal(
  state: SmartTradeState,
  order: WorkingOrder,
  reason: string,
  atMs: number,
  notes: Note[],
): SmartTradeState {
  const booked = bookRefusal(state.orders, order, reason, atMs);
  notes.push(...booked.notes);
  const extras = state.extras.filter((one) => one.role !== order.role);
  const next = { ...state, orders: booked.orders, extras };
  if (order.role !== 'entry') return next;
  // What was asked for cannot be had; entering later, at another price, would be another trade.
  return next.account.enteredQuantity > 0n ? next : { ...next, phase: 'leaving', why: 'not-opened' };
}

function onTrigger(
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
      notes.push({ code: 'ignored', what: name, why: 'the trade waits for no such trigger' });
      return state;
  }
}

function closing(state: SmartTradeState, why: CloseReason, price: Price, notes: Note[]): SmartTradeState {
  notes.push({ code: 'closing', deal: 1, why, price });
  return { ...state, phase: 'closing', why, stopCountdownUntilMs: null };
}

/** Brings the orders to what the phase wants, and ends the trade when nothing is left to do. */
function settle(
  options: SmartTradeOptions,
  state: SmartTradeState,
  atMs: number,
  notes: Note[],
): Step<SmartTradeState> {
  const desired = desiredOrders(options, state);
  const { orders, intents } = reconcile(state.orders, desired, atMs);
  let settled: SmartTradeState = orders === state.orders ? state : { ...state, orders };
  if (isOver(options, settled, desired)) settled = finish(options, settled, atMs, notes);
  return { state: settled, triggers: parkedOn(options, settled, atMs), intents, notes };
}

function desiredOrders(options: SmartTradeOptions, state: SmartTradeState): readonly DesiredOrder[] {
  switch (state.phase) {
    case 'entering':
      return state.entry === null ? [] : [state.entry];
    case 'open':
      return [...state.extras, ...targetOrders(options, state)];
    case 'closing':
      return closingOrder(options, state);
    case 'idle':
    case 'waiting':
    case 'trailing-in':
    case 'leaving':
    case 'done':
      return [];
    default:
      return state.phase satisfies never;
  }
}

function isOver(
  options: SmartTradeOptions,
  state: SmartTradeState,
  desired: readonly DesiredOrder[],
): boolean {
  if (state.orders.working.length > 0) return false;
  if (state.phase === 'leaving') return true;
  return state.phase === 'closing' && desired.length === 0 && isExited(options, state);
}

function finish(
  options: SmartTradeOptions,
  state: SmartTradeState,
  atMs: number,
  notes: Note[],
): SmartTradeState {
  notes.push({
    code: 'deal-closed',
    deal: 1,
    market: 0,
    why: state.account.enteredQuantity === 0n ? 'not-opened' : (state.why ?? 'take-profit'),
    startedAtMs: state.startedAtMs,
    endedAtMs: atMs,
    profit: quoteGain(state.account, options.direction),
    baseLeft: baseGain(state.account, options.direction),
    entered: state.account.enteredAmount,
    averagings: state.extrasMade,
  });
  return { ...state, phase: 'done' };
}
