import { type Candles, candlesOf } from './candles.ts';

/** Trades in columns: ascending times in ms, whole price units and whole quantity units. */
export interface TickColumns {
  readonly atMs: Float64Array;
  readonly price: Float64Array;
  readonly volume: Float64Array;
}

/**
 * Trades as candles of one price each, so that a backtest replays them one by one: nothing is assumed about the
 * path. Times are kept to the second; the order is that of the trades.
 */
export function candlesFromTicks({ atMs, price, volume }: TickColumns): Candles {
  const openedAtS = Uint32Array.from(atMs, (ms) => Math.floor(ms / 1_000));
  return candlesOf({ openedAtS, open: price, high: price, low: price, close: price, volume }, 1_000);
}
