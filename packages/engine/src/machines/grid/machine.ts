import { baseGain, quoteGain } from '../account.ts';
import type { Price } from '@counterfoil/vocabulary';
import type { Machine, MachineEvent, Step } from '../machine.ts';
import type { Note } from '../notes.ts';
import { bookRefusal, bookReport, findOrder, reconcile } from '../working-orders.ts';
import { fillOrder } from './filling.ts';
import { expand, layOut, shift } from './layout.ts';
import type { GridCommand, GridOptions, GridStopAction } from './options.ts';
import { parkedOn } from './parking.ts';
import { beginGrid, type GridState } from './state.ts';
import { desiredOrders } from './wanting.ts';

/** The grid bot. Orders are named `g-c<cell>b-<n>` and `g-c<cell>s-<n>`; the rest `g-balance-1`, `g-close-<n>`. */
export const gridMachine: Machine<GridOptions, GridState, GridCommand> = { begin: beginGrid, step: stepGrid };

function stepGrid(options: GridOptions, state: GridState, event: MachineEvent<GridCommand>): Step<GridState> {
  const notes: Note[] = [];
  switch (event.kind) {
    case 'fundsChanged':
      return settle(options, { ...state, freeBase: event.base }, event.atMs, notes);
    case 'started':
      return settle(options, layOut(options, state, event.price, event.atMs, notes), event.atMs, notes);
    case 'stopped':
      return settle(options, stop(state, 'stop', notes), event.atMs, notes);
    case 'command':
      return settle(
        options,
        stop({ ...state, price: event.price }, event.command.action, notes),
        event.atMs,
        notes,
      );
    case 'triggerFired':
      return settle(options, onTrigger(options, state, event.trigger, event.price, notes), event.atMs, notes);
    case 'orderFilled':
      return settle(
        options,
        fillOrder(options, state, event.order, event.fill, notes),
        event.fill.atMs,
        notes,
      );
    case 'orderReported': {
      const order = findOrder(state.orders, event.report.order);
      if (order === undefined) return ignored(options, state, event.report.order, event.report.atMs);
      const booked = bookReport(state.orders, order, event.report);
      notes.push(...booked.notes);
      return settle(options, { ...state, orders: booked.orders }, event.report.atMs, notes);
    }
    case 'orderRefused': {
      const order = findOrder(state.orders, event.order);
      if (order === undefined) return ignored(options, state, event.order, event.atMs);
      const booked = bookRefusal(state.orders, order, event);
      notes.push(...booked.notes);
      return settle(options, { ...state, orders: booked.orders }, event.atMs, notes);
    }
    case 'signal':
      return settle(options, state, event.atMs, notes);
    default:
      return event satisfies never;
  }
}

function ignored(options: GridOptions, state: GridState, what: string, atMs: number): Step<GridState> {
  return settle(options, state, atMs, [{ code: 'ignored', what, why: 'no-such-order', detail: '' }]);
}

function stop(state: GridState, action: GridStopAction, notes: Note[]): GridState {
  if (state.phase === 'stopping' || state.phase === 'stopped') return state;
  notes.push({ code: 'bot-stopped' });
  return { ...state, phase: state.phase === 'idle' ? 'stopped' : 'stopping', stopAction: action };
}

function onTrigger(
  options: GridOptions,
  state: GridState,
  name: string,
  price: Price,
  notes: Note[],
): GridState {
  const now = { ...state, price };
  switch (name) {
    case 'upper-stop':
      return stop(now, options.upperStop?.action ?? 'stop', notes);
    case 'lower-stop':
      return stop(now, options.lowerStop?.action ?? 'stop', notes);
    case 'trail-up':
      return shift(options, now, true, notes);
    case 'trail-down':
      return shift(options, now, false, notes);
    case 'retry':
      return now;
    default:
      notes.push({ code: 'ignored', what: name, why: 'no-such-trigger', detail: 'grid' });
      return state;
  }
}

/** Grows the grid where asked, brings the orders to what is wanted, and lists what is waited for. */
function settle(options: GridOptions, before: GridState, atMs: number, notes: Note[]): Step<GridState> {
  const state = before.phase === 'running' ? expand(options, before) : before;
  const desired = desiredOrders(options, state);
  const { orders, intents } = reconcile(state.orders, desired, atMs, options.market);
  let settled: GridState = orders === state.orders ? state : { ...state, orders };
  if (settled.phase === 'stopping' && settled.orders.working.length === 0)
    settled = finish(settled, atMs, notes);
  return { state: settled, triggers: parkedOn(options, settled), intents, notes };
}

function finish(state: GridState, atMs: number, notes: Note[]): GridState {
  notes.push({
    code: 'deal-closed',
    deal: 1,
    market: 0,
    why: 'grid-stopped',
    startedAtMs: state.startedAtMs,
    endedAtMs: atMs,
    profit: quoteGain(state.account, 'long'),
    baseLeft: baseGain(state.account, 'long'),
    entered: state.account.enteredAmount,
    averagings: state.trips,
  });
  return { ...state, phase: 'stopped' };
}
