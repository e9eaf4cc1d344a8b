import { costUnits, type Market } from '../core/market.ts';
import type { Order } from '../core/order.ts';
import type { PriceLevels } from '../core/price-levels.ts';
import type { Candle } from '../core/tape.ts';
import { formatUnits } from '../core/units.ts';
import { price, quantity, type Json } from './render.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

export function bookTickerView(market: Market): Json {
  const bid = market.bids.best();
  const ask = market.asks.best();
  return {
    symbol: market.spec.symbol,
    bidPrice: price(market, bid?.ticks ?? 0),
    bidQty: quantity(market, bid?.lots ?? 0),
    askPrice: price(market, ask?.ticks ?? 0),
    askQty: quantity(market, ask?.lots ?? 0),
  };
}

/** Rolling statistics of the last 24 hours, to the minute. */
export function dayTickerView(market: Market, now: number): Json {
  const openTime = now - DAY_MS;
  const day = market.tape.candles.filter((candle) => candle.openAt > openTime);
  const summary = summarise(day, market.lastTicks);
  const change = market.lastTicks - summary.openTicks;
  const last = market.tape.trades.at(-1);
  return {
    symbol: market.spec.symbol,
    priceChange: signedPrice(market, change),
    // Thousandths of a percent in integers; the exchange prints three decimals.
    priceChangePercent: (Math.round((change * 100_000) / summary.openTicks) / 1_000).toFixed(3),
    weightedAvgPrice: price(
      market,
      summary.lots === 0 ? 0 : Number(summary.quoteUnits / costUnits(market, 1, summary.lots)),
    ),
    prevClosePrice: price(market, summary.openTicks),
    lastPrice: price(market, market.lastTicks),
    lastQty: quantity(market, last?.lots ?? 0),
    ...bookTickerView(market),
    openPrice: price(market, summary.openTicks),
    highPrice: price(market, summary.highTicks),
    lowPrice: price(market, summary.lowTicks),
    volume: quantity(market, summary.lots),
    quoteVolume: formatUnits(summary.quoteUnits),
    openTime,
    closeTime: now,
    firstId: day[0]?.firstTradeId ?? -1,
    lastId: day.at(-1)?.lastTradeId ?? -1,
    count: day.reduce((count, candle) => count + candle.lastTradeId - candle.firstTradeId + 1, 0),
  };
}

/** The best levels of both sides. */
export function depthView(market: Market, limit: number): Json {
  const top = (side: PriceLevels<Order>): [string, string][] => {
    const rows: [string, string][] = [];
    for (const level of side.fromBest()) {
      if (rows.length === limit) break;
      rows.push([price(market, level.ticks), quantity(market, level.lots)]);
    }
    return rows;
  };
  return { lastUpdateId: market.updateId, bids: top(market.bids), asks: top(market.asks) };
}

interface Summary {
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly lots: number;
  readonly quoteUnits: bigint;
}

/** Several candles as one; `otherwise` stands for every price when there was no trade. */
function summarise(candles: readonly Candle[], otherwise: number): Summary {
  let highTicks = candles[0]?.highTicks ?? otherwise;
  let lowTicks = candles[0]?.lowTicks ?? otherwise;
  let lots = 0;
  let quoteUnits = 0n;
  for (const candle of candles) {
    highTicks = Math.max(highTicks, candle.highTicks);
    lowTicks = Math.min(lowTicks, candle.lowTicks);
    lots += candle.lots;
    quoteUnits += candle.quoteUnits;
  }
  return { openTicks: candles[0]?.openTicks ?? otherwise, highTicks, lowTicks, lots, quoteUnits };
}

function signedPrice(market: Market, ticks: number): string {
  return formatUnits(BigInt(ticks) * market.spec.rules.tickUnits);
}
