/**
 * What a waiting bot is parked on. A trigger fires once and is gone; whoever wants it again arms it again.
 * Levels, peaks and troughs are in the units of the series (for a price: integer price units of the market).
 */
export type Trigger =
  | { readonly kind: 'series'; readonly series: SeriesId; readonly condition: SeriesCondition }
  | { readonly kind: 'time'; readonly at: number };

/** Names one series of values: a market's price, or one indicator with its parameters on one timeframe. */
export type SeriesId = string;

export type SeriesCondition =
  /** Fires on the first value told after arming that is at or beyond the level. */
  | { readonly kind: 'at-or-above' | 'at-or-below'; readonly level: number }
  /** Fires only after the series has been seen strictly on the other side of the level. */
  | { readonly kind: 'cross-up' | 'cross-down'; readonly level: number }
  /** Fires when the value falls to its own highest value since arming less the distance. `from` is the first peak. */
  | {
      readonly kind: 'trail-below-peak' | 'trail-above-trough';
      readonly from: number;
      readonly distancePpm: number;
    };
