export { startPaperExchange, type PaperExchange, type PaperExchangeOptions } from './paper/paper-exchange.ts';
export { DEFAULT_MARKET, DEFAULT_MARKETS } from './paper/default-market.ts';
export type { MarketRules, MarketSpec } from './paper/core/market.ts';
export {
  readBookTicker,
  readDepthSnapshot,
  readDepthUpdate,
  readTrade,
  type BookTicker,
  type DepthRow,
  type DepthSnapshot,
  type DepthUpdate,
  type PublicTrade,
} from './public/binance-frames.ts';
export { DepthBook, type Applied } from './public/depth-book.ts';
export { play, type FeedStatus, type Playback } from './paper/feeds/play.ts';
export { recordedEvents } from './paper/feeds/recording.ts';
export { MarketStream, type MarketStreamOptions } from './public/market-stream.ts';
export {
  PublicDataError,
  PublicRest,
  type PriceOrigin,
  type PublicCandle,
  type PublicRestOptions,
} from './public/public-rest.ts';
