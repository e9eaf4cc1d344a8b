import { baseGain, quoteGain } from '../account.ts';
import type { Machine, MachineEvent, Step } from '../machine.ts';
import type { Note } from '../notes.ts';
import { type DesiredOrder, findOrder, onSteps, reconcile, type WorkingOrder } from '../working-orders.ts';
import { obeyCommand } from './commanding.ts';
import { start } from './entering.ts';
import { closingOrder, isExited, targetOrders } from './exits.ts';
import type { SmartTradeCommand, SmartTradeOptions } from './options.ts';
import { parkedOn } from './parking.ts';
import { onFill, onRefusal, onReport, onTrigger } from './reacting.ts';
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
        onRefusal(state, order, event, notes),
      );
    default:
      return event satisfies never;
  }
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
  notes.push({ code: 'ignored', what: name, why: 'no-such-order', detail: '' });
  return settle(options, state, atMs, notes);
}

/** Brings the orders to what the phase wants, and ends the trade when nothing is left to do. */
function settle(
  options: SmartTradeOptions,
  state: SmartTradeState,
  atMs: number,
  notes: Note[],
): Step<SmartTradeState> {
  const desired = desiredOrders(options, state);
  const { orders, intents } = reconcile(state.orders, desired, atMs, options.market);
  let settled: SmartTradeState = orders === state.orders ? state : { ...state, orders };
  if (isOver(options, settled, desired)) settled = finish(options, settled, atMs, notes);
  return { state: settled, triggers: parkedOn(options, settled), intents, notes };
}

function desiredOrders(options: SmartTradeOptions, state: SmartTradeState): readonly DesiredOrder[] {
  switch (state.phase) {
    case 'entering':
      return state.entry === null ? [] : [onSteps(options.market, state.entry)];
    case 'open':
      return [
        ...state.extras.map((extra) => onSteps(options.market, extra)),
        ...targetOrders(options, state),
      ];
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
