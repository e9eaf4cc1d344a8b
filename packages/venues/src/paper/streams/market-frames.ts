import type { Market } from '../core/market.ts';
import type { Candle, Trade } from '../core/tape.ts';
import { formatUnits } from '../core/units.ts';
import { INTERVALS, mergeCandles, type Interval } from '../rest/candles.ts';
import { price, quantity, type Json } from '../rest/render.ts';
import { bookTickerView, dayTickerView } from '../rest/tickers.ts';

/** Frames of the public market streams, as web-socket-streams.md of the imitated exchange spells them. */

export function tradeFrame(market: Market, trade: Trade, now: number): Json {
  return {
    e: 'trade',
    E: now,
    s: market.spec.symbol,
    t: trade.id,
    p: price(market, trade.ticks),
    q: quantity(market, trade.lots),
    T: trade.at,
    m: trade.isBuyerMaker,
    M: true,
  };
}

export function aggregateTradeFrame(market: Market, trade: Trade, now: number): Json {
  const { t: id, ...rest } = tradeFrame(market, trade, now);
  return { ...rest, e: 'aggTrade', a: id, f: id, l: id };
}

export function bookTickerFrame(market: Market): Json {
  const view = bookTickerView(market);
  return {
    u: market.updateId,
    s: view['symbol'],
    b: view['bidPrice'],
    B: view['bidQty'],
    a: view['askPrice'],
    A: view['askQty'],
  };
}

export function miniTickerFrame(market: Market, now: number): Json {
  const day = dayTickerView(market, now);
  return {
    e: '24hrMiniTicker',
    E: now,
    s: market.spec.symbol,
    c: day['lastPrice'],
    o: day['openPrice'],
    h: day['highPrice'],
    l: day['lowPrice'],
    v: day['volume'],
    q: day['quoteVolume'],
  };
}

export function tickerFrame(market: Market, now: number): Json {
  const day = dayTickerView(market, now);
  return {
    e: '24hrTicker',
    E: now,
    s: market.spec.symbol,
    p: day['priceChange'],
    P: day['priceChangePercent'],
    w: day['weightedAvgPrice'],
    x: day['prevClosePrice'],
    c: day['lastPrice'],
    Q: day['lastQty'],
    b: day['bidPrice'],
    B: day['bidQty'],
    a: day['askPrice'],
    A: day['askQty'],
    o: day['openPrice'],
    h: day['highPrice'],
    l: day['lowPrice'],
    v: day['volume'],
    q: day['quoteVolume'],
    O: day['openTime'],
    C: day['closeTime'],
    F: day['firstId'],
    L: day['lastId'],
    n: day['count'],
  };
}

/** The current candle of an interval; `null` before the first trade. */
export function klineFrame(market: Market, interval: Interval, now: number): Json | null {
  const minutes = market.tape.candles;
  const since = now - INTERVALS[interval];
  // Only the minutes of the current candle are merged, so that a week of them costs nothing here.
  let first = minutes.length;
  while (first > 0 && (minutes[first - 1]?.openAt ?? 0) > since) first -= 1;
  const candle = mergeCandles(minutes.slice(Math.max(0, first - 1)), interval).at(-1);
  if (candle === undefined) return null;
  return { e: 'kline', E: now, s: market.spec.symbol, k: candleFields(market, candle, interval, now) };
}

function candleFields(market: Market, candle: Candle, interval: Interval, now: number): Json {
  const closeAt = candle.openAt + INTERVALS[interval] - 1;
  return {
    t: candle.openAt,
    T: closeAt,
    s: market.spec.symbol,
    i: interval,
    f: candle.firstTradeId,
    L: candle.lastTradeId,
    o: price(market, candle.openTicks),
    c: price(market, candle.closeTicks),
    h: price(market, candle.highTicks),
    l: price(market, candle.lowTicks),
    v: quantity(market, candle.lots),
    n: candle.lastTradeId - candle.firstTradeId + 1,
    x: now > closeAt,
    q: formatUnits(candle.quoteUnits),
    V: quantity(market, candle.takerBuyLots),
    Q: formatUnits(candle.takerBuyQuoteUnits),
    B: '0',
  };
}
