import type { Venue } from '../venue.ts';
import type { LiveSource } from './live.ts';

export interface Prices {
  /** Where the prices of this exchange come from, for good: accounts and orders grew on them. */
  readonly origin: 'synthetic' | 'recorded' | 'live';
  readonly prices: string;
}

/** What somebody must know of the prices before he trusts them. `live`: the source that was asked for. */
export function describePrices(venue: Venue, live: LiveSource | null, isReached: boolean): Prices {
  const [market] = venue.state.markets.values();
  const origin = market?.spec.source ?? 'synthetic';
  const host = live === null ? '' : new URL(live.url).host;
  return { origin, prices: `${origin}: ${SENTENCES[origin](host, isReached)}` };
}

const SENTENCES: Record<Prices['origin'], (host: string, isReached: boolean) => string> = {
  recorded: () => 'played once; fills are simulated',
  live: (host) =>
    host === ''
      ? 'nobody is asked for them now, so the markets are closed'
      : `public trades of ${host}; a market is closed while they are missing; fills are simulated`,
  synthetic: (host, isReached) =>
    isReached ? 'invented on this machine' : `invented on this machine, because ${host} cannot be reached`,
};
