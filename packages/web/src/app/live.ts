/**
 * The event stream: one connection for the whole page. What an event carries replaces what is kept; lists that it
 * touches are asked for again. When it is cut, everything shown is marked stale until it is back.
 */
import type { AnswerOf, StreamEvent } from '@counterfoil/api';
import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';

export interface Live {
  /** When the stream was cut, milliseconds since 1970; null while it runs. */
  readonly lostAt: number | null;
  /** Whether the vault and the market data answer the server; null before the first word. */
  readonly health: { readonly vault: boolean; readonly market: boolean } | null;
  /** Newest price by symbol, as decimal text. */
  readonly prices: ReadonlyMap<string, string>;
}

let live: Live = { lostAt: null, health: null, prices: new Map() };
const listeners = new Set<() => void>();

function change(next: Partial<Live>): void {
  live = { ...live, ...next };
  for (const listener of listeners) listener();
}

export function useLive<T>(choose: (live: Live) => T): T {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => choose(live),
  );
}

/** Which answers an event makes old. */
const touched: Readonly<Record<StreamEvent['type'], readonly string[]>> = {
  bot: ['listBots', 'getBot', 'whyBot'],
  deal: ['listDeals', 'getDeal', 'getPortfolio', 'whyBot'],
  smartTrade: ['listSmartTrades', 'getSmartTrade'],
  order: ['listOrders', 'getOrder', 'listReceipts', 'whyBot'],
  fill: ['listFills', 'getPortfolio', 'listActivity'],
  decision: ['whyBot', 'listBots'],
  balances: ['listBalances', 'getPortfolio'],
  connection: ['listConnections', 'getConnection', 'getSecurity'],
  freezes: ['listFreezes', 'getSecurity', 'listConnections'],
  foreignTrade: ['listForeignTrades', 'getSecurity', 'getPortfolio', 'listBalances'],
  job: ['listJobs', 'getJob'],
  notice: ['listNotices'],
  price: [],
  health: [],
  reload: [],
};

/** Answers that are asked for again at most this often, however many events touch them. */
const PAUSE_MS = 250;

/** Until the stream is asked for again where it was refused. */
const AGAIN_MS = 3_000;

let begin = (): void => {};

/** Begins the stream anew: who has just signed in was refused one before. */
export function listen(): void {
  change({ lostAt: null });
  begin();
}

/** Starts the stream; the browser itself comes back after a cut and names the last event that it had. */
export function followEvents(queries: QueryClient): void {
  const due = new Set<string>();
  let timer: number | null = null;
  const refresh = (): void => {
    timer = null;
    const names = [...due];
    due.clear();
    for (const name of names) void queries.invalidateQueries({ queryKey: [name] });
  };
  const hear = (event: StreamEvent): void => {
    if (event.type === 'price') {
      change({ prices: new Map(live.prices).set(event.symbol, event.price) });
    } else if (event.type === 'health') {
      change({ health: { vault: event.vault, market: event.market } });
    } else if (event.type === 'reload') {
      void queries.invalidateQueries();
    }
    for (const name of touched[event.type]) due.add(name);
    if (due.size > 0) timer ??= setTimeout(refresh, PAUSE_MS);
  };
  const connect = (): EventSource => {
    const stream = new EventSource('/api/v1/events');
    stream.addEventListener('message', ({ data }) => hear(JSON.parse(String(data)) as StreamEvent));
    stream.addEventListener('open', () => {
      // What was missed without a number, such as prices and health, is asked for again.
      if (live.lostAt !== null) void queries.invalidateQueries();
      change({ lostAt: null });
    });
    stream.addEventListener('error', () => {
      const isRefused = stream.readyState === EventSource.CLOSED;
      // The server cuts the stream of a session that has ended, and gives it no other.
      if (isRefused || live.lostAt === null) void queries.invalidateQueries({ queryKey: ['getSession'] });
      if (live.lostAt === null) change({ lostAt: Date.now() });
      // Refused, not cut: then the browser does not come back by itself. Who is not signed in has nothing to follow.
      if (!isRefused) return;
      setTimeout(() => {
        const session = queries.getQueryData<AnswerOf<'getSession'>>(['getSession', {}]);
        if (current === stream && session?.kind !== 'anonymous') begin();
      }, AGAIN_MS);
    });
    return stream;
  };
  let current = connect();
  begin = () => {
    current.close();
    current = connect();
  };
  // A browser gives one host six connections for all its tabs: those that nobody sees let go of theirs.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') return begin();
    current.close();
    change({ lostAt: live.lostAt ?? Date.now() });
  });
}
