import { notional, type Price } from '@counterfoil/vocabulary';
import { type Account, emptyAccount } from '../account.ts';
import type { CloseReason } from '../notes.ts';
import { type DesiredOrder, noOrders, type WorkingOrders } from '../working-orders.ts';
import type { SmartExit, SmartTradeOptions } from './options.ts';

export interface SmartTradeState {
  /** `waiting` for the condition of the entry, `trailing-in` behind it, `entering` while its order works. */
  readonly phase: 'idle' | 'waiting' | 'trailing-in' | 'entering' | 'open' | 'closing' | 'leaving' | 'done';
  readonly why: CloseReason | null;
  readonly orders: WorkingOrders;
  readonly account: Account;
  readonly exit: SmartExit | null;
  readonly entry: DesiredOrder | null;
  /** Since when a limit entry has been filled in part. */
  readonly partlyOpenSinceMs: number | null;
  readonly trailInFrom: Price | null;
  readonly targetsTaken: number;
  /** The next target is a market order and its price is reached. */
  readonly targetNow: boolean;
  readonly trailingFrom: Price | null;
  /** Best price at the entry: what a trailing stop counts from. */
  readonly enteredAt: Price | null;
  readonly stopCountdownUntilMs: number | null;
  readonly extras: readonly DesiredOrder[];
  readonly extrasMade: number;
  readonly startedAtMs: number;
  readonly price: Price | null;
}

export function beginSmartTrade(options: SmartTradeOptions): SmartTradeState {
  const { entry, quantity, market } = options;
  const account: Account =
    entry.kind === 'held'
      ? {
          ...emptyAccount,
          enteredQuantity: quantity,
          enteredAmount: notional(market, entry.average, quantity, 'ceil'),
        }
      : emptyAccount;
  return {
    phase: 'idle',
    why: null,
    orders: noOrders('s', 0),
    account,
    exit: options.exit,
    entry: null,
    partlyOpenSinceMs: null,
    trailInFrom: null,
    targetsTaken: 0,
    targetNow: false,
    trailingFrom: null,
    enteredAt: null,
    stopCountdownUntilMs: null,
    extras: [],
    extrasMade: 0,
    startedAtMs: 0,
    price: null,
  };
}
