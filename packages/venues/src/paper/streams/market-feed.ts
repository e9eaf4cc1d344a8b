import { hasPrice, takeChanges, type Market } from '../core/market.ts';
import type { ExchangeEvent } from '../core/state.ts';
import { isInterval } from '../rest/candles.ts';
import { price, quantity, type Json } from '../rest/render.ts';
import { depthView } from '../rest/tickers.ts';
import type { Venue } from '../venue.ts';
import {
  aggregateTradeFrame,
  bookTickerFrame,
  klineFrame,
  miniTickerFrame,
  tickerFrame,
  tradeFrame,
} from './market-frames.ts';
import type { Subscriptions } from './subscriptions.ts';

const FAST_MS = 100;
const FAST_PER_SLOW = 10;

/** Changed levels of one market since a depth stream of one speed last sent. */
interface DepthChanges {
  readonly bids: Set<number>;
  readonly asks: Set<number>;
  lastUpdateId: number;
}

/** Feeds the market streams: trades and best prices at once, depth and tickers on their beat. */
export class MarketFeed {
  readonly #venue: Venue;
  readonly #subscriptions: Subscriptions;
  readonly #fast = new Map<string, DepthChanges>();
  readonly #slow = new Map<string, DepthChanges>();
  /** The best prices last sent per market. */
  readonly #best = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;
  readonly #stopListening: () => void;
  #beats = 0;

  constructor(venue: Venue, subscriptions: Subscriptions) {
    this.#venue = venue;
    this.#subscriptions = subscriptions;
    this.#timer = setInterval(() => this.#beat(), FAST_MS);
    this.#stopListening = venue.listen((events) => this.#onEvents(events));
  }

  close(): void {
    clearInterval(this.#timer);
    this.#stopListening();
  }

  #onEvents(events: readonly ExchangeEvent[]): void {
    const now = this.#venue.now();
    for (const event of events) {
      if (event.kind !== 'trade') continue;
      const market = this.#venue.state.market(event.symbol);
      const name = event.symbol.toLowerCase();
      if (this.#subscriptions.has(`${name}@trade`)) {
        this.#subscriptions.publish(`${name}@trade`, tradeFrame(market, event.trade, now));
      }
      if (this.#subscriptions.has(`${name}@aggTrade`)) {
        this.#subscriptions.publish(`${name}@aggTrade`, aggregateTradeFrame(market, event.trade, now));
      }
    }
    for (const stream of this.#subscriptions.streams) {
      if (stream.endsWith('@bookTicker')) this.#publishBest(stream);
    }
  }

  #publishBest(stream: string): void {
    const market = this.#marketOf(stream);
    if (market === undefined) return;
    const bid = market.bids.best();
    const ask = market.asks.best();
    const best = `${bid?.ticks} ${bid?.lots} ${ask?.ticks} ${ask?.lots}`;
    if (this.#best.get(stream) === best) return;
    this.#best.set(stream, best);
    this.#subscriptions.publish(stream, bookTickerFrame(market));
  }

  /** Builds its frames now and sends them once what they show is durable. */
  #beat(): void {
    this.#beats += 1;
    const isSlow = this.#beats % FAST_PER_SLOW === 0;
    const frames: [string, unknown][] = [];
    for (const market of this.#venue.state.markets.values()) this.#collectDepth(market, isSlow, frames);
    const now = Math.floor(this.#venue.now());
    for (const stream of this.#subscriptions.streams) {
      const frame = this.#timedFrame(stream, isSlow, now);
      if (frame !== null) frames.push([stream, frame]);
    }
    if (frames.length === 0) return;
    void this.#venue.durable().then(() => {
      for (const [stream, frame] of frames) this.#subscriptions.publish(stream, frame);
    });
  }

  #collectDepth(market: Market, isSlow: boolean, frames: [string, unknown][]): void {
    const name = market.spec.symbol.toLowerCase();
    const { bids, asks } = takeChanges(market);
    for (const changes of [changesOf(this.#fast, market), changesOf(this.#slow, market)]) {
      for (const ticks of bids) changes.bids.add(ticks);
      for (const ticks of asks) changes.asks.add(ticks);
    }
    this.#takeDepth(`${name}@depth@100ms`, market, changesOf(this.#fast, market), frames);
    if (isSlow) this.#takeDepth(`${name}@depth`, market, changesOf(this.#slow, market), frames);
  }

  #takeDepth(stream: string, market: Market, changes: DepthChanges, frames: [string, unknown][]): void {
    if (changes.bids.size + changes.asks.size === 0) return;
    if (this.#subscriptions.has(stream))
      frames.push([stream, depthFrame(market, changes, this.#venue.now())]);
    changes.bids.clear();
    changes.asks.clear();
    changes.lastUpdateId = market.updateId;
  }

  /** Tickers and candles once a second, partial books at the pace in their name. */
  #timedFrame(stream: string, isSlow: boolean, now: number): Json | Json[] | null {
    const markets = (): Market[] => [...this.#venue.state.markets.values()].filter(hasPrice);
    if (isSlow && stream === '!miniTicker@arr')
      return markets().map((market) => miniTickerFrame(market, now));
    if (isSlow && stream === '!ticker@arr') return markets().map((market) => tickerFrame(market, now));
    const market = this.#marketOf(stream);
    if (market === undefined || !hasPrice(market)) return null;
    const kind = stream.slice(stream.indexOf('@') + 1);
    const partial = /^depth(5|10|20)(@100ms)?$/.exec(kind);
    if (partial !== null)
      return isSlow || partial[2] !== undefined ? depthView(market, Number(partial[1])) : null;
    if (!isSlow) return null;
    if (kind === 'miniTicker') return miniTickerFrame(market, now);
    if (kind === 'ticker') return tickerFrame(market, now);
    const interval = kind.startsWith('kline_') ? kind.slice('kline_'.length) : '';
    return isInterval(interval) ? klineFrame(market, interval, now) : null;
  }

  #marketOf(stream: string): Market | undefined {
    const at = stream.indexOf('@');
    return at < 0 ? undefined : this.#venue.state.markets.get(stream.slice(0, at).toUpperCase());
  }
}

function changesOf(all: Map<string, DepthChanges>, market: Market): DepthChanges {
  let changes = all.get(market.spec.symbol);
  if (changes === undefined) {
    changes = { bids: new Set(), asks: new Set(), lastUpdateId: market.updateId };
    all.set(market.spec.symbol, changes);
  }
  return changes;
}

/** Changed levels with their quantities now; a level that is gone has quantity zero. */
function depthFrame(market: Market, changes: DepthChanges, now: number): Json {
  const rows = (ticks: Set<number>, side: Market['bids']): string[][] =>
    Array.from(ticks, (tick) => [price(market, tick), quantity(market, side.at(tick)?.lots ?? 0)]);
  return {
    e: 'depthUpdate',
    E: Math.floor(now),
    s: market.spec.symbol,
    U: changes.lastUpdateId + 1,
    u: market.updateId,
    b: rows(changes.bids, market.bids),
    a: rows(changes.asks, market.asks),
  };
}
