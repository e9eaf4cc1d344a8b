import { MarketStream } from '../../public/market-stream.ts';
import { UNITS_PER_ONE } from '../core/units.ts';
import type { Venue } from '../venue.ts';
import { follow } from './feed-event.ts';
import type { FeedStatus } from './play.ts';

/** Worth of what a live market offers at its price, in quote units: little, because the depth behind is not known. */
const QUOTED_WORTH_UNITS = 5_000n * UNITS_PER_ONE;
/** A venue that is reachable answers in a fraction of it. */
const REACH_MS_MAX = 3_000;

export interface LiveSource {
  /** A venue with public streams in Binance Spot's form. */
  readonly url: string;
  /** PEM that its certificate must chain to; the system's authorities when left out. */
  readonly ca?: string;
}

/** True when the venue's public streams can be reached from here. */
export async function isReachable({ url, ca }: LiveSource): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), REACH_MS_MAX);
  const stream = new MarketStream({
    url,
    ca,
    onTrade: () => {},
    onOpen: () => resolve(true),
    onLost: () => resolve(false),
  });
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    stream.close();
  }
}

/**
 * Lets every live market follow the public trades of the real venue. Until the first trade after the stream stands,
 * and while it is lost, a market is in a break: a price that stands still is not a price. Without a
 * source they stay closed. Returns how to stop.
 */
export function followLive(venue: Venue, source: LiveSource | null): () => void {
  const symbols = [...venue.state.markets.values()]
    .filter(({ spec }) => spec.source === 'live')
    .map(({ spec }) => spec.symbol);
  const tell = (symbol: string, state: FeedStatus['state'], sentence: string): void => {
    const market = venue.state.market(symbol);
    const status = state === 'playing' ? 'TRADING' : 'BREAK';
    if (market.status !== status) venue.run('set-market-status', { symbol, status });
    venue.feeds.set(symbol, () => ({ symbol, state, recordedAt: market.fedUntil, speed: 1, sentence }));
  };
  const lost = (): void => {
    for (const symbol of symbols) {
      tell(
        symbol,
        'failed',
        `The public stream of ${symbol} is not there, so its market is closed until it is.`,
      );
    }
  };
  lost();
  if (symbols.length === 0 || source === null) return () => {};
  const stream = new MarketStream({
    url: source.url,
    ca: source.ca,
    onTrade: ({ symbol, priceUnits, quantityUnits, at, isBuyerMaker }) => {
      const quotedUnits = (QUOTED_WORTH_UNITS * UNITS_PER_ONE) / priceUnits;
      const trade = { priceUnits, quantityUnits, isBuyerMaker, quotedUnits };
      if (venue.feeds.get(symbol)?.().state !== 'playing') {
        tell(symbol, 'playing', `${symbol} follows live prices; fills are simulated.`);
      }
      follow(venue, symbol, { kind: 'trade', recordedAt: at, ...trade });
    },
    onOpen: () => {},
    onLost: lost,
  });
  for (const symbol of symbols) stream.subscribe(symbol);
  return () => stream.close();
}
