import { setTimeout as delay } from 'node:timers/promises';
import type { Venue } from '../venue.ts';
import { follow, type FeedEvent } from './feed-event.ts';

export interface Playback {
  readonly symbol: string;
  readonly events: AsyncIterable<FeedEvent>;
  /** How much faster than it was recorded; `Infinity` for as fast as the disk allows. */
  readonly speed: number;
  readonly signal: AbortSignal;
}

/** A feed as the admin port shows it. After `ended` and `failed` the market is in a break and stays there. */
export interface FeedStatus {
  readonly symbol: string;
  readonly state: 'playing' | 'ended' | 'failed';
  /** How far the market outside has been followed, in its own time (milliseconds); 0 before its first event. */
  readonly recordedAt: number;
  readonly speed: number;
  readonly sentence: string;
}

/** Events between two waits for the disk at full speed: orders must get a turn, and the journal keep up. */
const TURN_EVENTS = 200;

/**
 * Plays what was recorded into its market, in order and once: an exchange that was stopped goes on where it was.
 * At the end the market goes into a break, because a price that stands still is not a price; it never starts
 * again from the beginning. Resolves with the last status.
 */
export async function play(venue: Venue, playback: Playback): Promise<FeedStatus> {
  const { symbol, speed } = playback;
  const market = venue.state.market(symbol);
  const tell = (state: FeedStatus['state'], sentence: string): FeedStatus => {
    const status = { symbol, state, speed, sentence };
    venue.feeds.set(symbol, () => ({ ...status, recordedAt: market.fedUntil }));
    return { ...status, recordedAt: market.fedUntil };
  };
  const playing = tell('playing', `${symbol} follows recorded data at ${speed} times its speed.`);
  try {
    if (!(await playAll(venue, playback))) return playing;
  } catch (error) {
    venue.run('set-market-status', { symbol, status: 'BREAK' });
    const reason = error instanceof Error ? error.message : String(error);
    return tell('failed', `The recording of ${symbol} cannot be read on, so its market is closed: ${reason}`);
  }
  venue.run('set-market-status', { symbol, status: 'BREAK' });
  const until = new Date(market.fedUntil).toISOString();
  return tell('ended', `The recording of ${symbol} ends at ${until}, so its market is closed.`);
}

/** False when it was stopped before the end. */
async function playAll(venue: Venue, { symbol, events, speed, signal }: Playback): Promise<boolean> {
  const played = venue.state.market(symbol).fedUntil;
  let begin: { readonly recordedAt: number; readonly now: number } | null = null;
  let turn = 0;
  for await (const event of events) {
    if (event.recordedAt <= played) continue;
    begin ??= { recordedAt: event.recordedAt, now: performance.now() };
    const waitMs = begin.now + (event.recordedAt - begin.recordedAt) / speed - performance.now();
    if (waitMs >= 1) await delay(waitMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return false;
    follow(venue, symbol, event);
    turn += 1;
    if (turn % TURN_EVENTS === 0) await venue.durable();
  }
  await venue.durable();
  return true;
}
