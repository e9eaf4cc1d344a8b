/** One bot: its chart with fills and lines, why it does not trade now, its orders, deals, fills and decisions. */
import type { Bot, Fill } from '@counterfoil/api';
import { useState } from 'react';
import { usePathPart } from '../../app/path-part.ts';
import { useAnswer } from '../../app/queries.ts';
import { Shown } from '../../parts/shown.tsx';
import { BotStateWord } from '../bots/bot-state.tsx';
import { marketsOf } from '../bots/bot-words.ts';
import { BotActions } from './bot-actions.tsx';
import { BotChart } from './bot-chart.tsx';
import { BotTabs } from './bot-tabs.tsx';
import { FillPanel } from './fill-panel.tsx';
import { WhyCard } from './why-card.tsx';

export function BotPage() {
  const bot = usePathPart('bot');
  const answer = useAnswer('getBot', { params: { bot } });
  return <Shown answer={answer}>{(found) => <BotDetail bot={found} />}</Shown>;
}

function BotDetail({ bot }: { readonly bot: Bot }) {
  const symbols = marketsOf(bot);
  const [symbol, setSymbol] = useState(symbols[0] ?? '');
  const [shown, setShown] = useState<Fill | null>(null);
  return (
    <div className="flex flex-col gap-4">
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="text-xl font-semibold">{bot.name}</h1>
        <BotStateWord state={bot.state} />
        {symbols.length > 1 ? (
          <select
            aria-label={bot.name}
            value={symbol}
            onChange={(event) => setSymbol(event.target.value)}
            className="min-h-9 rounded-md border border-line bg-ground px-2"
          >
            {symbols.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        ) : (
          <span className="text-muted">{symbol}</span>
        )}
        <span className="grow" />
        <BotActions bot={bot} />
      </header>
      {bot.trouble !== null && <p className="rounded-md border border-danger p-3">{bot.trouble}</p>}
      <div className="grid gap-4 lg:grid-cols-[1fr_20rem]">
        <div className="min-w-0 rounded-lg border border-line bg-panel p-2">
          <BotChart bot={bot} symbol={symbol} onFill={setShown} />
        </div>
        <WhyCard bot={bot.id} />
      </div>
      <BotTabs bot={bot.id} onFill={setShown} />
      <FillPanel fill={shown} onClose={() => setShown(null)} />
    </div>
  );
}
