export { startPaperExchange, type PaperExchange, type PaperExchangeOptions } from './paper/paper-exchange.ts';
export { DEFAULT_MARKET, DEFAULT_MARKETS } from './paper/default-market.ts';
export type { MarketRules, MarketSpec } from './paper/core/market.ts';
export {
  PUBLIC_ARCHIVE,
  downloadCandles,
  type DownloadOptions,
  type MonthResult,
  type Progress,
} from './history/download.ts';
export { readCandleFile, type CandleRow } from './history/candle-rows.ts';
export { inspectCandles, type Gap, type Inspection } from './history/inspect.ts';
export { HistoryError } from './history/history-error.ts';
