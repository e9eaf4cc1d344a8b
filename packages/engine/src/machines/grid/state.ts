import type { Amount, Price, Quantity } from '@counterfoil/vocabulary';
import { type Account, emptyAccount } from '../account.ts';
import { zero } from '../units.ts';
import { noOrders, type WorkingOrders } from '../working-orders.ts';
import type { GridOptions, GridStopAction } from './options.ts';

/**
 * The space between two neighbouring lines: it waits to buy at its lower line, or holds what it bought and waits
 * to sell at its upper. Cells know nothing of each other, so fills may arrive in any order.
 */
export interface Cell {
  readonly id: number;
  readonly lower: Price;
  readonly upper: Price;
  readonly holding: boolean;
  /** Base held, in whole lots, and the quote it cost with fees. Zero while not holding. */
  readonly quantity: Quantity;
  readonly cost: Amount;
  /** Of the order that is being filled: base in (or quote in) and its fees so far. */
  readonly pending: { readonly quantity: Quantity; readonly amount: Amount };
}

export interface GridState {
  readonly phase: 'idle' | 'balancing' | 'running' | 'stopping' | 'stopped';
  /** From the lowest to the highest. */
  readonly cells: readonly Cell[];
  readonly cellsMade: number;
  readonly orders: WorkingOrders;
  readonly account: Account;
  /** Quote gained by finished round trips, fees deducted. */
  readonly profit: Amount;
  readonly trips: number;
  readonly freeBase: Quantity;
  /** Base of the account's own that the upper cells took at the start. */
  readonly ownBase: Quantity;
  readonly balance: Quantity;
  readonly stopAction: GridStopAction | null;
  readonly startedAtMs: number;
  readonly price: Price | null;
}

export function beginGrid(_options: GridOptions): GridState {
  return {
    phase: 'idle',
    cells: [],
    cellsMade: 0,
    orders: noOrders('g', 0),
    account: emptyAccount,
    profit: zero(),
    trips: 0,
    freeBase: zero(),
    ownBase: zero(),
    balance: zero(),
    stopAction: null,
    startedAtMs: 0,
    price: null,
  };
}

/** A cell that waits to buy. */
export function emptyCell(id: number, lower: Price, upper: Price): Cell {
  return {
    id,
    lower,
    upper,
    holding: false,
    quantity: zero(),
    cost: zero(),
    pending: { quantity: zero(), amount: zero() },
  };
}
