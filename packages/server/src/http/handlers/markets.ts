/** Routes of markets and money. */
import type { RouteName } from '@counterfoil/api';
import type { DataSets } from '../../jobs/data-sets.ts';
import type { Handlers } from '../handlers.ts';
import type { MarketBook } from '../trading/market-book.ts';

type Names = Extract<RouteName, 'listMarkets' | 'getCandles' | 'listDataSets'>;

export function marketHandlers(markets: MarketBook, dataSets: DataSets): Pick<Handlers, Names> {
  return {
    listMarkets: async () => {
      const list = await markets.markets();
      await Promise.all(list.map((market) => markets.price(market).catch(() => null)));
      return { items: list.map((market) => markets.view(market)), next: null };
    },
    listDataSets: async () => ({ items: [...(await dataSets.list())], next: null }),
    getCandles: async ({ params, query }) => {
      const { symbol } = params;
      return markets.candles(symbol, query.timeframe, query.limit);
    },
  };
}
