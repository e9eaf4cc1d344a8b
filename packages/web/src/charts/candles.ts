/** Candles of the API as the chart draws them: for the eye, which needs no more digits than a double has. */
import type { Candles } from '@counterfoil/api';
import type { ChartCandle } from './candle-chart.tsx';

export function chartCandles({ t, open, high, low, close }: Candles): readonly ChartCandle[] {
  return t.map((ms, at) => ({
    time: ms / 1_000,
    open: Number(open[at]),
    high: Number(high[at]),
    low: Number(low[at]),
    close: Number(close[at]),
  }));
}

/** The newest price as part of the last candle, or as the first of a new one. */
export function withPrice(
  candles: readonly ChartCandle[],
  price: string | null,
  nowMs: number,
): readonly ChartCandle[] {
  const last = candles.at(-1);
  const before = candles.at(-2);
  if (price === null || last === undefined || before === undefined) return candles;
  const value = Number(price);
  const step = last.time - before.time;
  const opened = Math.floor(nowMs / 1_000 / step) * step;
  // Recorded data has its own clock; there the last candle is the one that grows.
  if (opened - last.time === step) {
    return [...candles, { time: opened, open: value, high: value, low: value, close: value }];
  }
  const grown = { ...last, high: Math.max(last.high, value), low: Math.min(last.low, value), close: value };
  return [...candles.slice(0, -1), grown];
}
