/** What trades with a key now: bots, SmartTrades, and the orders of both that rest at the exchange. */
import type { Bot, SmartTrade } from '@counterfoil/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Shown, Unanswered } from '../../parts/shown.tsx';
import { Loading } from '../../parts/states.tsx';
import { BotStateWord } from '../bots/bot-state.tsx';

export interface TradingNow {
  /** Bots that run or have deals open. */
  readonly bots: readonly Bot[];
  readonly smartTrades: readonly SmartTrade[];
  /** Orders at the exchange or on their way there. */
  readonly orders: number;
}

const over: ReadonlySet<SmartTrade['state']> = new Set(['closed', 'cancelled', 'failed']);

export interface TradingProps {
  readonly connection: string;
  readonly children: (trading: TradingNow) => ReactNode;
}

export function Trading({ connection, children }: TradingProps) {
  const bots = useAnswer('listBots', { query: { limit: 200 } });
  const smartTrades = useAnswer('listSmartTrades', { query: { limit: 200 } });
  const orders = useAnswer('listOrders', { query: { limit: 200, open: 'true' } });
  const uses = (one: { readonly connection: string }): boolean => one.connection === connection;
  return (
    <>
      <Unanswered answers={[smartTrades, orders]} />
      <Shown answer={bots}>
        {({ items }) => {
          // What trades has to be known whole before anything is said of it.
          if (smartTrades.data === undefined || orders.data === undefined)
            return smartTrades.error === null && orders.error === null ? <Loading /> : null;
          const trading: TradingNow = {
            bots: items.filter((bot) => uses(bot) && trades(bot)),
            smartTrades: smartTrades.data.items.filter((trade) => uses(trade) && !over.has(trade.state)),
            orders: orders.data.items.filter(uses).length,
          };
          return (
            <>
              <TradingCard trading={trading} />
              {children(trading)}
            </>
          );
        }}
      </Shown>
    </>
  );
}

function trades({ state, dealsOpen }: Bot): boolean {
  return state === 'running' || state === 'stopping' || dealsOpen > 0;
}

function TradingCard({ trading }: { readonly trading: TradingNow }) {
  const say = useSay();
  const { bots, smartTrades, orders } = trading;
  return (
    <Card title={say('key.trading')}>
      {bots.length + smartTrades.length === 0 ? (
        <p className="text-muted">{say('key.trading.none')}</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {bots.map((bot) => (
            <li key={bot.id} className="flex flex-wrap items-center gap-x-3">
              <Link
                to="/bots/$bot"
                params={{ bot: bot.id }}
                className="inline-flex min-h-6 items-center font-medium underline"
              >
                {bot.name}
              </Link>
              <BotStateWord state={bot.state} />
              <span className="text-sm text-muted">
                {say('bots.deals.counts', { open: bot.dealsOpen, closed: bot.dealsClosed })}
              </span>
            </li>
          ))}
          {smartTrades.map((trade) => (
            <li key={trade.id}>
              <Link to="/trade" className="inline-flex min-h-6 items-center font-medium underline">
                {trade.name}
              </Link>
            </li>
          ))}
        </ul>
      )}
      <p className="mt-2 text-sm text-muted">{say('key.trading.orders', { count: orders })}</p>
    </Card>
  );
}
