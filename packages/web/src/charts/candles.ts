/** Candles of the API as the chart draws them: for the eye, which needs no more digits than a double has. */
import type { Candles } from '@counterfoil/api';
import type { UTCTimestamp } from 'lightweight-charts';

/** One candle; numbers are for the eye alone, money is never computed from them. */
export interface ChartCandle {
  /** Seconds since 1970 UTC. */
  readonly time: UTCTimestamp;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

/** Candles in the order of time, each made when it is asked for: of 50,000 a screen shows some hundred. */
export interface ChartCandles {
  readonly count: number;
  /** The last of them, or the one so many steps before it; null before the first. */
  readonly last: (stepsBefore?: number) => ChartCandle | null;
  /** The newest so many, oldest first; all where there are fewer. */
  readonly newest: (count: number) => ChartCandle[];
}

export const noCandles: ChartCandles = { count: 0, last: () => null, newest: () => [] };

export function chartCandles({ t, open, high, low, close }: Candles): ChartCandles {
  const made = (ms: number, at: number): ChartCandle => ({
    time: (ms / 1_000) as UTCTimestamp,
    open: Number(open[at]),
    high: Number(high[at]),
    low: Number(low[at]),
    close: Number(close[at]),
  });
  return {
    count: t.length,
    last: (stepsBefore = 0) => {
      const at = t.length - 1 - stepsBefore;
      const ms = t[at];
      return ms === undefined ? null : made(ms, at);
    },
    newest: (count) => {
      const from = Math.max(0, t.length - count);
      return t.slice(from).map((ms, at) => made(ms, from + at));
    },
  };
}

/** The last candle with the newest price in it, or the first of a new one; null before there is either. */
export function liveCandle(candles: ChartCandles, price: string | null, nowMs: number): ChartCandle | null {
  const last = candles.last();
  const before = candles.last(1);
  if (price === null || last === null || before === null) return null;
  const value = Number(price);
  const step = last.time - before.time;
  const opened = Math.floor(nowMs / 1_000 / step) * step;
  // Recorded data has its own clock; there the last candle is the one that grows.
  if (opened - last.time === step)
    return { time: opened as UTCTimestamp, open: value, high: value, low: value, close: value };
  return { ...last, high: Math.max(last.high, value), low: Math.min(last.low, value), close: value };
}
