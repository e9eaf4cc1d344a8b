/** Routes of markets and money. */
import type { RouteName } from '@counterfoil/api';
import type { Handlers } from '../handlers.ts';
import type { MarketBook } from '../trading/market-book.ts';

type Names = Extract<RouteName, 'listMarkets' | 'getCandles'>;

export function marketHandlers(markets: MarketBook): Pick<Handlers, Names> {
  return {
    listMarkets: async () => {
      const list = await markets.markets();
      await Promise.all(list.map((market) => markets.price(market).catch(() => null)));
      return { items: list.map((market) => markets.view(market)), next: null };
    },
    getCandles: async ({ params, query }) => {
      const { symbol } = params;
      return markets.candles(symbol, query.timeframe, query.limit);
    },
  };
}
