export { startPaperExchange, type PaperExchange, type PaperExchangeOptions } from './paper/paper-exchange.ts';
export { DEFAULT_MARKET } from './paper/default-market.ts';
export type { MarketRules, MarketSpec } from './paper/core/market.ts';
