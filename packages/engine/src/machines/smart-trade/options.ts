import type { Direction, Market, Price, Quantity, Rate } from '@counterfoil/vocabulary';

/**
 * One position with its entry and its exits. The six types of the known service are combinations: without exits
 * `simple-buy` and `simple-sell`; with a held position `smart-sell` (long) and `smart-buy` (short); with both
 * `smart-trade` (long) and `smart-cover` (short).
 */
export interface SmartTradeOptions {
  readonly market: Market;
  readonly direction: Direction;
  readonly quantity: Quantity;
  readonly entry: SmartEntry;
  /** Null: the trade is over when it has entered. */
  readonly exit: SmartExit | null;
}

export type SmartEntry =
  | { readonly kind: 'market' }
  | { readonly kind: 'limit'; readonly price: Price }
  /**
   * Waits for a price and then goes to market, or rests at `limit`. With `trailing` it first follows the price
   * beyond it and enters when the price comes back by that much.
   */
  | {
      readonly kind: 'conditional';
      readonly price: Price;
      readonly when: 'at-or-above' | 'at-or-below';
      readonly limit: Price | null;
      readonly trailing: Rate | null;
    }
  /** The position exists already, bought (or sold) at this average. */
  | { readonly kind: 'held'; readonly average: Price };

export interface SmartExit {
  /** Up to eight; shares sum to one. */
  readonly targets: readonly SmartTarget[];
  /** Distance of a trail that takes the place of the last target once its price is reached. */
  readonly trailing: Rate | null;
  readonly stop: SmartStop | null;
}

export interface SmartTarget {
  readonly at: ExitPrice;
  readonly share: Rate;
  readonly type: 'limit' | 'market';
}

/** A price, or a gain (for stops: a loss) against the average entry. */
export type ExitPrice =
  | { readonly by: 'price'; readonly price: Price }
  | { readonly by: 'rate'; readonly rate: Rate };

export interface SmartStop {
  readonly at: ExitPrice;
  /** Null sells at market; otherwise the stop places a limit order there. */
  readonly limit: Price | null;
  /** The stop follows the best price since the entry at its first distance. */
  readonly trailing: boolean;
  readonly timeoutMs: number | null;
  /** After the first target the stop moves to the average entry. */
  readonly breakeven: boolean;
}

export type SmartTradeKind =
  | 'simple-buy'
  | 'simple-sell'
  | 'smart-sell'
  | 'smart-buy'
  | 'smart-trade'
  | 'smart-cover';

export function smartTradeKind({ direction, entry, exit }: SmartTradeOptions): SmartTradeKind {
  const isLong = direction === 'long';
  if (entry.kind === 'held') return isLong ? 'smart-sell' : 'smart-buy';
  if (exit === null) return isLong ? 'simple-buy' : 'simple-sell';
  return isLong ? 'smart-trade' : 'smart-cover';
}

export type SmartTradeCommand =
  /** Enters at market without waiting any longer. */
  | { readonly kind: 'force-start' }
  | { readonly kind: 'close' }
  /** Cancels the orders and keeps the coins. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'add-funds'; readonly quantity: Quantity; readonly price: Price | null }
  | { readonly kind: 'reduce-funds'; readonly quantity: Quantity }
  | { readonly kind: 'change-exit'; readonly exit: SmartExit };
