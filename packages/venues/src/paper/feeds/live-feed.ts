import { setTimeout as delay } from 'node:timers/promises';
import type { Exchange } from 'ccxt';
import { parseUnits } from '../core/units.ts';
import type { Venue } from '../venue.ts';

export interface LivePlayback {
  readonly symbol: string;
  /** The same market in ccxt's spelling, such as `BTC/USDT`. */
  readonly unifiedSymbol: string;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** Lots that may trade at one live price: little, because the depth behind it is not known. */
const LIVE_LOTS = 10_000;

/**
 * Follows the last price of a real venue through ccxt, which needs no key for it. Failures to reach the venue
 * leave the market where it is; the next price moves it again.
 */
export async function playLive(venue: Venue, source: Exchange, playback: LivePlayback): Promise<void> {
  const { symbol, unifiedSymbol, everyMs, signal } = playback;
  while (!signal.aborted) {
    const last = await source.fetchTicker(unifiedSymbol).then(
      (ticker) => ticker.last,
      () => undefined,
    );
    const parsed = last === undefined ? null : parseUnits(String(last));
    const ticks =
      parsed?.ok === true ? Number(parsed.units / venue.state.market(symbol).spec.rules.tickUnits) : 0;
    if (ticks > 0) venue.run('feed-price', { symbol, ticks, lots: LIVE_LOTS });
    await delay(everyMs, undefined, { signal }).catch(() => {});
  }
}
