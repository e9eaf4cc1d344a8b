import { AVERAGE_PRICE_MINUTES } from '../core/filters.ts';
import type { Market } from '../core/market.ts';
import { ORDER_TYPES, SELF_TRADE_PREVENTION } from '../core/order.ts';
import { formatUnits } from '../core/units.ts';
import type { RequestLimits } from '../limits.ts';
import type { Json } from './render.ts';

/** The limits as `exchangeInfo` announces them. */
export function rateLimitsView(limits: RequestLimits): readonly Json[] {
  return [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: limits.weightPerMinute },
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: limits.ordersPer10Seconds },
    { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: limits.ordersPerDay },
  ];
}

/** One entry of `exchangeInfo.symbols`. */
export function symbolView(market: Market): Json {
  const { spec } = market;
  return {
    symbol: spec.symbol,
    status: market.status,
    baseAsset: spec.baseAsset,
    baseAssetPrecision: 8,
    quoteAsset: spec.quoteAsset,
    quotePrecision: 8,
    quoteAssetPrecision: 8,
    baseCommissionPrecision: 8,
    quoteCommissionPrecision: 8,
    orderTypes: ORDER_TYPES,
    icebergAllowed: false,
    ocoAllowed: true,
    otoAllowed: false,
    quoteOrderQtyMarketAllowed: true,
    allowTrailingStop: true,
    cancelReplaceAllowed: true,
    amendAllowed: false,
    isSpotTradingAllowed: true,
    isMarginTradingAllowed: false,
    filters: filtersView(market),
    permissions: [],
    permissionSets: [['SPOT']],
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    allowedSelfTradePreventionModes: SELF_TRADE_PREVENTION,
    // Not a field of the imitated exchange: simulated data says that it is.
    simulated: spec.source,
  };
}

function filtersView(market: Market): readonly Json[] {
  const { rules } = market;
  const multiplier = (bips: number): string => (bips / 10_000).toString();
  return [
    {
      filterType: 'PRICE_FILTER',
      minPrice: formatUnits(rules.minPriceUnits),
      maxPrice: formatUnits(rules.maxPriceUnits),
      tickSize: formatUnits(rules.tickUnits),
    },
    {
      filterType: 'LOT_SIZE',
      minQty: formatUnits(rules.minQuantityUnits),
      maxQty: formatUnits(rules.maxQuantityUnits),
      stepSize: formatUnits(rules.lotUnits),
    },
    {
      filterType: 'MARKET_LOT_SIZE',
      minQty: formatUnits(0n),
      maxQty: formatUnits(rules.marketMaxQuantityUnits),
      stepSize: formatUnits(0n),
    },
    {
      filterType: 'TRAILING_DELTA',
      minTrailingAboveDelta: rules.minTrailingBips,
      maxTrailingAboveDelta: rules.maxTrailingBips,
      minTrailingBelowDelta: rules.minTrailingBips,
      maxTrailingBelowDelta: Math.min(rules.maxTrailingBips, 9_999),
    },
    {
      filterType: 'PERCENT_PRICE_BY_SIDE',
      bidMultiplierUp: multiplier(rules.bidMultiplierUpBips),
      bidMultiplierDown: multiplier(rules.bidMultiplierDownBips),
      askMultiplierUp: multiplier(rules.askMultiplierUpBips),
      askMultiplierDown: multiplier(rules.askMultiplierDownBips),
      avgPriceMins: AVERAGE_PRICE_MINUTES,
    },
    {
      filterType: 'NOTIONAL',
      minNotional: formatUnits(rules.minNotionalUnits),
      applyMinToMarket: true,
      maxNotional: formatUnits(rules.maxNotionalUnits),
      applyMaxToMarket: false,
      avgPriceMins: AVERAGE_PRICE_MINUTES,
    },
    { filterType: 'MAX_NUM_ORDERS', maxNumOrders: rules.maxOpenOrders },
    { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: rules.maxOpenAlgoOrders },
  ];
}
