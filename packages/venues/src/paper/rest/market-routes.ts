import { AVERAGE_PRICE_MINUTES, averagePriceUnits } from '../core/filters.ts';
import { hasPrice, type Market } from '../core/market.ts';
import { refusals } from '../core/refusals.ts';
import type { Trade } from '../core/tape.ts';
import { formatUnits } from '../core/units.ts';
import type { Venue } from '../venue.ts';
import { isInterval, klineRow, mergeCandles } from './candles.ts';
import { syntheticPast } from './synthetic-past.ts';
import { rateLimitsView, symbolView } from './market-info.ts';
import { SYMBOL_RANGE } from './order-request.ts';
import { Refused, type Parameters } from './parameters.ts';
import { price, quantity, type Json } from './render.ts';
import { marketNamed, requestedMarket, type Routes } from './route.ts';
import { bookTickerView, dayTickerView, depthView } from './tickers.ts';

/** Public market data. */
export const marketRoutes: Routes = {
  'GET /api/v3/ping': { weight: 1, security: 'public', answer: () => ({}) },
  'GET /api/v3/time': {
    weight: 1,
    security: 'public',
    answer: (venue) => ({ serverTime: Math.floor(venue.now()) }),
  },
  'GET /api/v3/exchangeInfo': {
    weight: 20,
    security: 'public',
    answer: (venue, parameters) => ({
      timezone: 'UTC',
      serverTime: Math.floor(venue.now()),
      rateLimits: rateLimitsView(venue.limiter.limits),
      exchangeFilters: [],
      symbols: namedMarkets(venue, parameters).markets.map(symbolView),
    }),
  },
  'GET /api/v3/depth': {
    weight: 5,
    security: 'public',
    answer: (venue, parameters) =>
      depthView(requestedMarket(venue, parameters), parameters.bounded('limit', 1, 5_000, 100)),
  },
  'GET /api/v3/trades': {
    weight: 25,
    security: 'public',
    answer: (venue, parameters) => {
      const market = requestedMarket(venue, parameters);
      const limit = parameters.bounded('limit', 1, 1_000, 500);
      return market.tape.trades.slice(-limit).map((trade) => publicTradeView(market, trade));
    },
  },
  'GET /api/v3/aggTrades': {
    weight: 4,
    security: 'public',
    answer: (venue, parameters) => {
      const market = requestedMarket(venue, parameters);
      const from = parameters.long('fromId') ?? 0;
      const start = parameters.long('startTime') ?? 0;
      const end = parameters.long('endTime') ?? Number.MAX_SAFE_INTEGER;
      const limit = parameters.bounded('limit', 1, 1_000, 500);
      const matching = market.tape.trades.filter(
        (trade) => trade.id >= from && trade.at >= start && trade.at <= end,
      );
      const isOldestFirst = from > 0 || start > 0;
      const page = isOldestFirst ? matching.slice(0, limit) : matching.slice(-limit);
      return page.map((trade) => aggregateView(market, trade));
    },
  },
  'GET /api/v3/klines': {
    weight: 2,
    security: 'public',
    answer: (venue, parameters) => {
      const market = requestedMarket(venue, parameters);
      const interval = parameters.text('interval');
      if (!isInterval(interval)) throw new Refused(refusals.badInterval);
      const start = parameters.long('startTime') ?? 0;
      const end = parameters.long('endTime') ?? Number.MAX_SAFE_INTEGER;
      const limit = parameters.bounded('limit', 1, 1_000, 500);
      const rows = mergeCandles([...syntheticPast(market), ...market.tape.candles], interval).filter(
        (candle) => candle.openAt >= start && candle.openAt <= end,
      );
      const page = start > 0 ? rows.slice(0, limit) : rows.slice(-limit);
      return page.map((candle) => klineRow(market, candle, interval));
    },
  },
  'GET /api/v3/avgPrice': {
    weight: 2,
    security: 'public',
    answer: (venue, parameters) => {
      const market = requestedMarket(venue, parameters);
      if (!hasPrice(market)) throw new Refused(refusals.marketClosed);
      return {
        mins: AVERAGE_PRICE_MINUTES,
        price: formatUnits(averagePriceUnits(market, venue.now())),
        closeTime: market.tape.trades.at(-1)?.at ?? 0,
      };
    },
  },
  'GET /api/v3/ticker/24hr': {
    weight: 2,
    security: 'public',
    answer: (venue, parameters) =>
      perMarket(venue, parameters, (market) => dayTickerView(market, venue.now())),
  },
  'GET /api/v3/ticker/price': {
    weight: 2,
    security: 'public',
    answer: (venue, parameters) =>
      perMarket(venue, parameters, (market) => ({
        symbol: market.spec.symbol,
        price: price(market, market.lastTicks),
      })),
  },
  'GET /api/v3/ticker/bookTicker': {
    weight: 2,
    security: 'public',
    answer: (venue, parameters) => perMarket(venue, parameters, bookTickerView),
  },
};

/** One object for `symbol`, an array for `symbols` or for all markets; of those that have a price. */
function perMarket(venue: Venue, parameters: Parameters, view: (market: Market) => Json): Json | Json[] {
  const { markets, isSingle } = namedMarkets(venue, parameters);
  const priced = markets.filter(hasPrice);
  if (!isSingle) return priced.map(view);
  const [market] = priced;
  if (market === undefined) throw new Refused(refusals.marketClosed);
  return view(market);
}

function namedMarkets(venue: Venue, parameters: Parameters): { markets: Market[]; isSingle: boolean } {
  const symbol = parameters.matching('symbol', SYMBOL_RANGE);
  const list = parameters.optional('symbols');
  if (symbol !== undefined && list !== undefined) throw new Refused(refusals.badCombination);
  if (symbol !== undefined) return { markets: [marketNamed(venue, symbol)], isSingle: true };
  if (list === undefined) return { markets: [...venue.state.markets.values()], isSingle: false };
  return { markets: parseSymbols(list).map((name) => marketNamed(venue, name)), isSingle: false };
}

/** `["BTCUSDT","ETHUSDT"]`. */
function parseSymbols(text: string): string[] {
  if (!/^\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,99}\]$/.test(text)) {
    throw new Refused(
      refusals.illegalCharacters('symbols', '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$'),
    );
  }
  return text.slice(2, -2).split('","');
}

function publicTradeView(market: Market, trade: Trade): Json {
  return {
    id: trade.id,
    price: price(market, trade.ticks),
    qty: quantity(market, trade.lots),
    quoteQty: formatUnits(trade.quoteUnits),
    time: trade.at,
    isBuyerMaker: trade.isBuyerMaker,
    isBestMatch: true,
  };
}

/** Trades are not merged: each is an aggregate of itself, which the format allows. */
function aggregateView(market: Market, trade: Trade): Json {
  return {
    a: trade.id,
    p: price(market, trade.ticks),
    q: quantity(market, trade.lots),
    f: trade.id,
    l: trade.id,
    T: trade.at,
    m: trade.isBuyerMaker,
    M: true,
  };
}
