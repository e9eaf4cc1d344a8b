import type { Price } from '@counterfoil/vocabulary';
import { averageEntry } from '../account.ts';
import { entrySide } from '../direction.ts';
import type { Note } from '../notes.ts';
import type { SmartTradeOptions } from './options.ts';
import type { SmartTradeState } from './state.ts';

/** What the entry of the options means at the first price. */
export function start(
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
export function entering(
  options: SmartTradeOptions,
  state: SmartTradeState,
  limit: Price | null,
): SmartTradeState {
  const type = limit === null ? 'market' : 'limit';
  const side = entrySide(options.direction);
  return {
    ...state,
    phase: 'entering',
    entry: { role: 'entry', side, type, price: limit, quantity: options.quantity },
  };
}

/** With what has been filled: the whole order, or the part that was there when the venue ended it. */
export function entered(options: SmartTradeOptions, state: SmartTradeState, notes: Note[]): SmartTradeState {
  const average = averageEntry(state.account, options.market);
  notes.push({ code: 'deal-opened', deal: 1, price: average, quantity: state.account.enteredQuantity });
  if (state.exit === null) return { ...state, phase: 'leaving', why: 'take-profit' };
  return { ...state, phase: 'open', enteredAt: average };
}
