import type { Amount, FilterRefusal, Price, Quantity } from '@counterfoil/vocabulary';

/** Why a deal ended. */
export type CloseReason =
  | 'take-profit'
  | 'trailing-take-profit'
  | 'stop-loss'
  | 'signal'
  | 'timeout'
  | 'closed-by-user'
  | 'cancelled-by-user'
  | 'converted'
  | 'not-opened'
  | 'grid-stopped';

/**
 * A structured reason: what the machine did or did not do, and on which numbers. User interface, CLI and API make
 * their sentences of it.
 */
export type Note =
  | { readonly code: 'bot-started' | 'bot-stopped' | 'bot-stopped-by-stop-loss' | 'bot-stopped-after-deals' }
  | { readonly code: 'waiting-for-deal-slot'; readonly active: number; readonly limit: number }
  | {
      readonly code: 'waiting-for-cooldown' | 'waiting-for-start-delay';
      readonly market: number;
      readonly untilMs: number;
    }
  | {
      readonly code: 'waiting-for-price-range';
      readonly market: number;
      readonly price: Price;
      readonly min: Price | null;
      readonly max: Price | null;
    }
  | { readonly code: 'waiting-for-signal'; readonly market: number; readonly signal: string }
  | {
      readonly code: 'order-too-small';
      readonly market: number;
      readonly reason: FilterRefusal['reason'];
      readonly limit: string;
    }
  | {
      readonly code: 'deal-started';
      readonly deal: number;
      readonly market: number;
      readonly price: Price;
      readonly quantity: Quantity;
    }
  | {
      readonly code: 'deal-opened';
      readonly deal: number;
      readonly price: Price;
      readonly quantity: Quantity;
    }
  | {
      readonly code: 'averaged';
      readonly deal: number;
      readonly step: number;
      readonly price: Price;
      readonly quantity: Quantity;
      readonly average: Price;
    }
  | {
      readonly code: 'target-taken';
      readonly deal: number;
      readonly step: number;
      readonly price: Price;
      readonly quantity: Quantity;
    }
  | { readonly code: 'trailing-began'; readonly deal: number; readonly price: Price }
  | {
      readonly code: 'stop-countdown-began';
      readonly deal: number;
      readonly price: Price;
      readonly untilMs: number;
    }
  | { readonly code: 'stop-countdown-ended'; readonly deal: number; readonly price: Price }
  | { readonly code: 'stop-moved'; readonly deal: number; readonly price: Price }
  | {
      readonly code: 'profit-too-small';
      readonly deal: number;
      readonly profit: Amount;
      readonly wanted: Amount;
    }
  | { readonly code: 'closing'; readonly deal: number; readonly why: CloseReason; readonly price: Price }
  | ({ readonly code: 'deal-closed'; readonly deal: number; readonly market: number } & DealResult)
  | {
      readonly code: 'order-refused';
      readonly order: string;
      readonly reason: string;
      readonly retryAtMs: number;
    }
  | { readonly code: 'order-ended-by-venue'; readonly order: string; readonly retryAtMs: number }
  | { readonly code: 'ignored'; readonly what: string; readonly why: Idle; readonly detail: string }
  | {
      readonly code: 'grid-line-filled';
      readonly line: number;
      readonly side: 'buy' | 'sell';
      readonly price: Price;
      readonly profit: Amount;
    }
  | { readonly code: 'grid-shifted'; readonly lower: Price; readonly upper: Price }
  | { readonly code: 'grid-balanced'; readonly quantity: Quantity };

/** Why something that came changed nothing. `detail` of the note names what it was about, where that is not plain. */
export type Idle =
  | 'no-such-order'
  | 'booked'
  | 'no-such-trigger'
  | 'no-such-market'
  | 'deal-over'
  | 'other-market'
  | 'not-trailing'
  | 'phase';

/** The books of a finished deal. */
export interface DealResult {
  readonly why: CloseReason;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Quote money gained or lost, fees in quote deducted. Base left over is not valued. */
  readonly profit: Amount;
  /** Base left over (long) or bought beyond what was sold (short); a fee taken in base is deducted. */
  readonly baseLeft: Quantity;
  /** Quote that went through the entry orders. */
  readonly entered: Amount;
  readonly averagings: number;
}
