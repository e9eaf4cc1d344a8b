import { type Answer, useAnswer } from '../app/queries.ts';

/** About eight hours of minutes: what a chart shows at once. */
const CANDLES = 500;
/** Prices move the last candle meanwhile; the ones that closed come with this. */
const AGAIN_MS = 20_000;

/** A market's newest one-minute candles; nothing is asked while there is no market. */
export function useRecentCandles(symbol: string): Answer<'getCandles'> {
  return useAnswer(
    'getCandles',
    { params: { symbol }, query: { timeframe: '1m', limit: CANDLES } },
    { enabled: symbol !== '', refetchInterval: AGAIN_MS },
  );
}
