import { entrySide, exitSide } from '../direction.ts';
import type { Note } from '../notes.ts';
import type { DesiredOrder } from '../working-orders.ts';
import type { SmartTradeCommand, SmartTradeOptions } from './options.ts';
import type { SmartTradeState } from './state.ts';

/** Does what the owner asks; what cannot be done is said and changes nothing. */
export function obeyCommand(
  options: SmartTradeOptions,
  state: SmartTradeState,
  command: SmartTradeCommand,
  notes: Note[],
): SmartTradeState {
  const refuse = (): SmartTradeState => {
    notes.push({ code: 'ignored', what: command.kind, why: 'phase', detail: `trade is ${state.phase}` });
    return state;
  };
  if (state.phase === 'done' || state.phase === 'leaving') return refuse();
  const hasEntered = state.account.enteredQuantity > 0n;
  switch (command.kind) {
    case 'force-start': {
      if (hasEntered || state.phase === 'closing') return refuse();
      const side = entrySide(options.direction);
      const entry: DesiredOrder = {
        role: 'entry',
        side,
        type: 'market',
        price: null,
        quantity: options.quantity,
      };
      return { ...state, phase: 'entering', entry };
    }
    case 'close':
      return hasEntered
        ? { ...state, phase: 'closing', why: 'closed-by-user' }
        : { ...state, phase: 'leaving', why: 'closed-by-user' };
    case 'cancel':
      return { ...state, phase: 'leaving', why: 'cancelled-by-user' };
    case 'change-exit':
      return { ...state, exit: command.exit };
    case 'add-funds':
    case 'reduce-funds': {
      if (state.phase !== 'open') return refuse();
      const adds = command.kind === 'add-funds';
      const price = adds ? command.price : null;
      const number = state.extrasMade + 1;
      const extra: DesiredOrder = {
        role: `${adds ? 'add' : 'reduce'}${number}`,
        side: adds ? entrySide(options.direction) : exitSide(options.direction),
        type: price === null ? 'market' : 'limit',
        price,
        quantity: command.quantity,
      };
      return { ...state, extras: [...state.extras, extra], extrasMade: number };
    }
    default:
      return command satisfies never;
  }
}
