/** Bots in one line each: state, market, what they earned, what they decided last. */
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../app/queries.ts';
import { useSay } from '../../app/messages.ts';
import { OrderStrip, StripLegend } from './order-strip.tsx';
import { BotStateWord } from '../bots/bot-state.tsx';
import { marketOf } from '../bots/bot-words.ts';
import { Change } from '../../parts/figures.tsx';
import { Shown } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { Told } from '../../parts/told.tsx';

const SHOWN = 8;

export function BotStrip() {
  const say = useSay();
  const answer = useAnswer('listBots', { query: { limit: SHOWN } });
  return (
    <Shown
      answer={answer}
      empty={{ when: ({ items }) => items.length === 0, show: <Empty>{say('bots.empty')}</Empty> }}
    >
      {({ items }) => (
        <>
          <ul className="flex flex-col">
            {items.map((bot) => (
              <li key={bot.id} className="border-t border-line py-2 first:border-t-0">
                <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
                  <Link to="/bots/$bot" params={{ bot: bot.id }} className="font-medium underline">
                    {bot.name}
                  </Link>
                  <BotStateWord state={bot.state} />
                  <span className="text-muted">{marketOf(bot)}</span>
                  <span className="grow" />
                  {bot.profit.map(({ asset, amount }) => (
                    <Change key={asset} value={amount} unit={asset} secret />
                  ))}
                </div>
                <OrderStrip bot={bot.id} />
                {bot.lastDecision !== null && (
                  <p className="mt-1 text-sm text-muted">
                    <Told of={bot.lastDecision} />
                  </p>
                )}
              </li>
            ))}
          </ul>
          <StripLegend />
        </>
      )}
    </Shown>
  );
}
