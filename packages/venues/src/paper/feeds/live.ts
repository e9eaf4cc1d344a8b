import { MarketStream } from '../../public/market-stream.ts';
import { UNITS_PER_ONE } from '../core/units.ts';
import type { Venue } from '../venue.ts';
import { follow } from './feed-event.ts';
import type { FeedStatus } from './play.ts';

/** Binance's public streams; they need no key. */
export const PUBLIC_STREAMS = 'wss://stream.binance.com:9443';

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
 * Lets every live market follow the public trades of the real venue. While its stream is lost the markets are in a
 * break, because a price that stands still is not a price. Returns how to stop.
 */
export function followLive(venue: Venue, { url, ca }: LiveSource): () => void {
  const symbols = [...venue.state.markets.values()]
    .filter(({ spec }) => spec.source === 'live')
    .map(({ spec }) => spec.symbol);
  const tell = (state: FeedStatus['state'], describe: (symbol: string) => string): void => {
    for (const symbol of symbols) {
      const market = venue.state.market(symbol);
      const status = state === 'playing' ? 'TRADING' : 'BREAK';
      if (market.status !== status) venue.run('set-market-status', { symbol, status });
      const sentence = describe(symbol);
      venue.feeds.set(symbol, () => ({ symbol, state, recordedAt: market.fedUntil, speed: 1, sentence }));
    }
  };
  const lost = (symbol: string): string =>
    `The public stream of ${symbol} is not there, so its market is closed until it is.`;
  tell('failed', lost);
  if (symbols.length === 0) return () => {};
  const stream = new MarketStream({
    url,
    ca,
    onTrade: ({ symbol, priceUnits, quantityUnits, at, isBuyerMaker }) => {
      const quotedUnits = (QUOTED_WORTH_UNITS * UNITS_PER_ONE) / priceUnits;
      const trade = { priceUnits, quantityUnits, isBuyerMaker, quotedUnits };
      follow(venue, symbol, { kind: 'trade', recordedAt: at, ...trade });
    },
    onOpen: () => tell('playing', (symbol) => `${symbol} follows live prices; fills are simulated.`),
    onLost: () => tell('failed', lost),
  });
  for (const symbol of symbols) stream.subscribe(symbol);
  return () => stream.close();
}
