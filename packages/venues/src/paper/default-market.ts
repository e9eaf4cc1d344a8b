import type { MarketRules, MarketSpec } from './core/market.ts';
import { UNITS_PER_ONE } from './core/units.ts';

/** Rules like those of a busy USDT market. */
const BUSY_MARKET_RULES: MarketRules = {
  tickUnits: UNITS_PER_ONE / 100n,
  minPriceUnits: UNITS_PER_ONE / 100n,
  maxPriceUnits: 1_000_000n * UNITS_PER_ONE,
  lotUnits: 1_000n,
  minQuantityUnits: 1_000n,
  maxQuantityUnits: 9_000n * UNITS_PER_ONE,
  marketMaxQuantityUnits: 100n * UNITS_PER_ONE,
  minNotionalUnits: 5n * UNITS_PER_ONE,
  maxNotionalUnits: 9_000_000n * UNITS_PER_ONE,
  bidMultiplierUpBips: 50_000,
  bidMultiplierDownBips: 2_000,
  askMultiplierUpBips: 50_000,
  askMultiplierDownBips: 2_000,
  maxOpenOrders: 200,
  maxOpenAlgoOrders: 5,
  minTrailingBips: 10,
  maxTrailingBips: 2_000,
};

/** The first synthetic market of a fresh paper exchange. */
export const DEFAULT_MARKET: MarketSpec = {
  symbol: 'BTCUSDT',
  baseAsset: 'BTC',
  quoteAsset: 'USDT',
  source: 'synthetic',
  rules: BUSY_MARKET_RULES,
  makerFeeBips: 10,
  takerFeeBips: 10,
  openingPriceUnits: 62_000n * UNITS_PER_ONE,
};

/** All markets of a fresh paper exchange. */
export const DEFAULT_MARKETS: readonly MarketSpec[] = [
  DEFAULT_MARKET,
  { ...DEFAULT_MARKET, symbol: 'ETHUSDT', baseAsset: 'ETH', openingPriceUnits: 2_600n * UNITS_PER_ONE },
  { ...DEFAULT_MARKET, symbol: 'SOLUSDT', baseAsset: 'SOL', openingPriceUnits: 150n * UNITS_PER_ONE },
];
