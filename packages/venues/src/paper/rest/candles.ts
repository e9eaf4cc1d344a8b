import type { Market } from '../core/market.ts';
import type { Candle } from '../core/tape.ts';
import { formatUnits } from '../core/units.ts';
import { price, quantity } from './render.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_MS = 7 * DAY_MS;
/** Weeks of the imitated exchange begin on Monday; the epoch was a Thursday. */
const WEEK_OFFSET_MS = 4 * DAY_MS;

/** Candle intervals with a fixed length. A month has none and is answered as an unknown interval. */
export const INTERVALS = {
  '1m': MINUTE_MS,
  '3m': 3 * MINUTE_MS,
  '5m': 5 * MINUTE_MS,
  '15m': 15 * MINUTE_MS,
  '30m': 30 * MINUTE_MS,
  '1h': HOUR_MS,
  '2h': 2 * HOUR_MS,
  '4h': 4 * HOUR_MS,
  '6h': 6 * HOUR_MS,
  '8h': 8 * HOUR_MS,
  '12h': 12 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '1w': WEEK_MS,
} as const satisfies Record<string, number>;
export type Interval = keyof typeof INTERVALS;

export function isInterval(text: string): text is Interval {
  return Object.hasOwn(INTERVALS, text);
}

/** Start of the candle of an interval in which a time lies. */
function candleStart(interval: Interval, at: number): number {
  const offset = interval === '1w' ? WEEK_OFFSET_MS : 0;
  return at - ((at - offset) % INTERVALS[interval]);
}

/** The minutes of a market merged into candles of an interval, oldest first. */
export function mergeCandles(minutes: readonly Candle[], interval: Interval): Candle[] {
  const merged: Candle[] = [];
  for (const minute of minutes) {
    const openAt = candleStart(interval, minute.openAt);
    const last = merged.at(-1);
    if (last === undefined || last.openAt !== openAt) {
      merged.push({ ...minute, openAt });
      continue;
    }
    last.highTicks = Math.max(last.highTicks, minute.highTicks);
    last.lowTicks = Math.min(last.lowTicks, minute.lowTicks);
    last.closeTicks = minute.closeTicks;
    last.lots += minute.lots;
    last.quoteUnits += minute.quoteUnits;
    last.takerBuyLots += minute.takerBuyLots;
    last.takerBuyQuoteUnits += minute.takerBuyQuoteUnits;
    last.lastTradeId = minute.lastTradeId;
  }
  return merged;
}

/** One row of `klines`. */
export function klineRow(market: Market, candle: Candle, interval: Interval): readonly (string | number)[] {
  return [
    candle.openAt,
    price(market, candle.openTicks),
    price(market, candle.highTicks),
    price(market, candle.lowTicks),
    price(market, candle.closeTicks),
    quantity(market, candle.lots),
    candle.openAt + INTERVALS[interval] - 1,
    formatUnits(candle.quoteUnits),
    candle.lastTradeId - candle.firstTradeId + 1,
    quantity(market, candle.takerBuyLots),
    formatUnits(candle.takerBuyQuoteUnits),
    '0',
  ];
}
