/** Candles of the API as the chart draws them: for the eye, which needs no more digits than a double has. */
import type { Candles } from '@counterfoil/api';
import type { UTCTimestamp } from 'lightweight-charts';
import type { ChartCandle } from './candle-chart.tsx';

export function chartCandles({ t, open, high, low, close }: Candles): readonly ChartCandle[] {
  return t.map((ms, at) => ({
    time: (ms / 1_000) as UTCTimestamp,
    open: Number(open[at]),
    high: Number(high[at]),
    low: Number(low[at]),
    close: Number(close[at]),
  }));
}

/** The last candle with the newest price in it, or the first of a new one; null before there is either. */
export function liveCandle(
  candles: readonly ChartCandle[],
  price: string | null,
  nowMs: number,
): ChartCandle | null {
  const last = candles.at(-1);
  const before = candles.at(-2);
  if (price === null || last === undefined || before === undefined) return null;
  const value = Number(price);
  const step = last.time - before.time;
  const opened = Math.floor(nowMs / 1_000 / step) * step;
  // Recorded data has its own clock; there the last candle is the one that grows.
  if (opened - last.time === step)
    return { time: opened as UTCTimestamp, open: value, high: value, low: value, close: value };
  return { ...last, high: Math.max(last.high, value), low: Math.min(last.low, value), close: value };
}
