/** One closed candle as indicators see it. Plain numbers: an indicator decides when to trade, never how much. */
export interface Bar {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/**
 * Takes closed candles one by one; answers `NaN` until it has seen enough of them. The candle is the caller's, who may
 * fill the same object with the next one: copy what must be remembered.
 */
export interface Indicator {
  next(bar: Bar): number;
}
