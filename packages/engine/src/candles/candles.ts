import { Pyramid } from './pyramid.ts';

/**
 * Candles of one market in columns: 46.3 bytes each with the pyramid. Prices are whole price units of the market
 * and volumes whole quantity units, both below 2^53, so that doubles hold them exactly and compare fast.
 */
export interface Candles {
  readonly length: number;
  readonly stepMs: number;
  /** Opening time in seconds since 1970; ascending, with holes where the venue or the download has none. */
  readonly openedAtS: Uint32Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly pyramid: Pyramid;
}

export type CandleColumns = Omit<Candles, 'length' | 'pyramid' | 'stepMs'>;

/** Joins columns of one length and builds the pyramid over them. */
export function candlesOf(columns: CandleColumns, stepMs: number): Candles {
  const length = columns.openedAtS.length;
  for (const column of [columns.open, columns.high, columns.low, columns.close, columns.volume]) {
    if (column.length !== length)
      throw new RangeError(`candle columns have ${length} and ${column.length} rows`);
  }
  return { ...columns, length, stepMs, pyramid: new Pyramid(columns.low, columns.high) };
}

/** The rows `from` to `to` (exclusive) as candles of their own, with their own pyramid. */
export function slice(candles: Candles, from: number, to: number): Candles {
  return candlesOf(
    {
      openedAtS: candles.openedAtS.subarray(from, to),
      open: candles.open.subarray(from, to),
      high: candles.high.subarray(from, to),
      low: candles.low.subarray(from, to),
      close: candles.close.subarray(from, to),
      volume: candles.volume.subarray(from, to),
    },
    candles.stepMs,
  );
}

/** Groups candles into longer ones by the clock (not by count, so that holes do not shift the bounds). */
export function resample(candles: Candles, stepMs: number): Candles {
  const stepS = stepMs / 1_000;
  if (stepMs % candles.stepMs !== 0)
    throw new RangeError(`${stepMs} ms is not a multiple of ${candles.stepMs} ms`);
  const groups: number[] = [];
  for (let i = 0, last = -1; i < candles.length; i++) {
    const group = Math.floor((candles.openedAtS[i] ?? 0) / stepS);
    if (group !== last) groups.push(i);
    last = group;
  }
  const count = groups.length;
  const columns = {
    openedAtS: new Uint32Array(count),
    open: new Float64Array(count),
    high: new Float64Array(count),
    low: new Float64Array(count),
    close: new Float64Array(count),
    volume: new Float64Array(count),
  };
  for (const [row, from] of groups.entries()) {
    const to = groups[row + 1] ?? candles.length;
    columns.openedAtS[row] = Math.floor((candles.openedAtS[from] ?? 0) / stepS) * stepS;
    columns.open[row] = candles.open[from] ?? 0;
    columns.close[row] = candles.close[to - 1] ?? 0;
    let high = -Infinity;
    let low = Infinity;
    let volume = 0;
    for (let i = from; i < to; i++) {
      high = Math.max(high, candles.high[i] ?? 0);
      low = Math.min(low, candles.low[i] ?? 0);
      volume += candles.volume[i] ?? 0;
    }
    columns.high[row] = high;
    columns.low[row] = low;
    columns.volume[row] = volume;
  }
  return candlesOf(columns, stepMs);
}

/** First row that opens at or after `atS`, or the length. */
export function rowAt(candles: Candles, atS: number): number {
  let from = 0;
  let to = candles.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((candles.openedAtS[middle] ?? 0) < atS) from = middle + 1;
    else to = middle;
  }
  return from;
}
