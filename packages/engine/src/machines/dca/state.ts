import type { Amount, Price } from '@counterfoil/vocabulary';
import type { Account } from '../account.ts';
import type { CloseReason } from '../notes.ts';
import { zero } from '../units.ts';
import type { DesiredOrder, WorkingOrders } from '../working-orders.ts';
import type { FreeMoney, LadderStep } from './ladder.ts';
import type { DcaOptions } from './options.ts';

export interface DcaState {
  readonly enabled: boolean;
  readonly dealsStarted: number;
  readonly deals: readonly DcaDeal[];
  /** One per market of the options. */
  readonly markets: readonly MarketWatch[];
  readonly free: FreeMoney | null;
  /** Profits to reinvest less losses to recover from: what later deals' money grows or shrinks by. */
  readonly carried: Amount;
}

/** What keeps the next deal of a market waiting. */
export interface MarketWatch {
  readonly stage: StartStage;
  /** The price when the bot first looked at the market: what a percent range counts from. */
  readonly reference: Price | null;
  readonly lastPrice: Price | null;
  /** Until when each signal counts. */
  readonly signals: Readonly<Record<string, number>>;
}

export type StartStage =
  | { readonly kind: 'conditions'; readonly afterMs: number | null }
  | { readonly kind: 'price-range' }
  | { readonly kind: 'cooldown'; readonly untilMs: number }
  | { readonly kind: 'delay'; readonly untilMs: number };

/**
 * `opening` until the base order is complete; `closing` sells (buys back) everything; `leaving` cancels the orders
 * and keeps the coins.
 */
export type DealPhase = 'opening' | 'open' | 'closing' | 'leaving';

export interface DcaDeal {
  readonly number: number;
  readonly market: number;
  readonly startedAtMs: number;
  readonly phase: DealPhase;
  readonly why: CloseReason | null;
  readonly base: DesiredOrder;
  readonly orders: WorkingOrders;
  readonly account: Account;
  /** Average of the base order: deviations and the stop count from it. Null until it is complete. */
  readonly basePrice: Price | null;
  /** Since when a limit base order has been filled in part. */
  readonly partlyOpenSinceMs: number | null;
  /** Quote that went through the base order. */
  readonly baseAmount: Amount;
  /** Averaging steps at the sizes of this deal's start. */
  readonly ladder: readonly LadderStep[];
  readonly free: FreeMoney | null;
  readonly averagingsDone: number;
  /** Averaging by condition: the step whose market order is wanted now. */
  readonly averagingNow: boolean;
  /** Orders that the user added by hand and that are not complete. */
  readonly extras: readonly DesiredOrder[];
  readonly extrasMade: number;
  /** Prices at which targets were taken. */
  readonly targetsTaken: readonly Price[];
  /** Set once the last target was reached with trailing on: the best price then. */
  readonly trailingFrom: Price | null;
  readonly stopCountdownUntilMs: number | null;
  /** Conditions that fired without effect wait for the next closed candle. */
  readonly closeAfterMs: number | null;
  readonly averageAfterMs: number | null;
  /** The user changed the take profit or stop loss of this deal. */
  readonly options: DcaOptions;
}

export function beginDca(options: DcaOptions): DcaState {
  return {
    enabled: false,
    dealsStarted: 0,
    deals: [],
    markets: options.markets.map(() => ({
      stage: { kind: 'conditions', afterMs: null },
      reference: null,
      lastPrice: null,
      signals: {},
    })),
    free: null,
    carried: zero(),
  };
}
