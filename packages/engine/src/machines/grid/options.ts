import type { Amount, Market, Price, Quantity } from '@counterfoil/vocabulary';

/**
 * What a grid bot does: between each two neighbouring lines it buys at the lower and sells at the upper, over and
 * over. `checkGridOptions` says what is impossible before a bot exists.
 */
export interface GridOptions {
  readonly market: Market;
  readonly lower: Price;
  readonly upper: Price;
  /** Price lines, both bounds included. */
  readonly lines: number;
  readonly spacing: 'arithmetic' | 'geometric';
  /** Of each line's order. */
  readonly size:
    | { readonly by: 'base'; readonly quantity: Quantity }
    | { readonly by: 'quote'; readonly amount: Amount };
  /** Gains stay in quote, or as base that the sale at the upper line leaves over. */
  readonly profitCurrency: 'quote' | 'base';
  /** Buy at market, at the start, what the lines above the price will sell. Otherwise it must be there. */
  readonly balanceAtStart: boolean;
  readonly activeBuysMax: number | null;
  readonly activeSellsMax: number | null;
  /** The whole grid moves by one line when the price is one line beyond it. */
  readonly trailingUp: boolean;
  readonly trailingDown: boolean;
  /** The grid gains lines while the price leaves it, up to this price. */
  readonly expandUpTo: Price | null;
  readonly expandDownTo: Price | null;
  readonly upperStop: GridStop | null;
  readonly lowerStop: GridStop | null;
}

/** What happens when a stop price is reached: cancel everything, and then sell all base, or buy with the free quote. */
export interface GridStop {
  readonly price: Price;
  readonly action: GridStopAction;
}

export type GridStopAction = 'stop' | 'stop-and-sell' | 'stop-and-buy';

export type GridCommand = { readonly kind: 'stop'; readonly action: GridStopAction };
