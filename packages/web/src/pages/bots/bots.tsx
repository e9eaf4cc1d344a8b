/** All bots in a table. */
import { Link } from '@tanstack/react-router';
import { useAnswer } from '../../app/queries.ts';
import { useSay } from '../../app/messages.ts';
import { Change } from '../../parts/figures.tsx';
import { Shown } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { Cell, Table } from '../../parts/table.tsx';
import { Told } from '../../parts/told.tsx';
import { BotStateWord } from './bot-state.tsx';
import { marketOf } from './bot-words.ts';

export function Bots() {
  const say = useSay();
  const answer = useAnswer('listBots', { query: { limit: 200 } });
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between">
        <h1 className="text-xl font-semibold">{say('bots.title')}</h1>
        <Link to="/bots/new" className="rounded-md bg-accent px-3 py-2 font-semibold text-on-accent">
          {say('bots.new')}
        </Link>
      </div>
      <Shown
        answer={answer}
        empty={{ when: ({ items }) => items.length === 0, show: <Empty>{say('bots.empty')}</Empty> }}
      >
        {({ items }) => (
          <Table
            caption={say('bots.title')}
            columns={[
              { title: say('bots.name') },
              { title: say('bots.market') },
              { title: say('bots.state') },
              { title: say('bots.profit'), right: true },
              { title: say('bots.deals') },
              { title: say('bots.orders'), right: true },
              { title: say('bots.decision') },
            ]}
          >
            {items.map((bot) => (
              <tr key={bot.id} className="border-t border-line">
                <Cell>
                  <Link
                    to="/bots/$bot"
                    params={{ bot: bot.id }}
                    className="font-medium whitespace-nowrap underline"
                  >
                    {bot.name}
                  </Link>{' '}
                  <span className="text-xs text-muted">{say(`bots.kind.${bot.plan.kind}`)}</span>
                </Cell>
                <Cell>{marketOf(bot)}</Cell>
                <Cell>
                  <BotStateWord state={bot.state} />
                </Cell>
                <Cell right>
                  {bot.profit.map(({ asset, amount }) => (
                    <Change key={asset} value={amount} unit={asset} secret />
                  ))}
                </Cell>
                <Cell>
                  <span className="whitespace-nowrap">
                    {say('bots.deals.counts', { open: bot.dealsOpen, closed: bot.dealsClosed })}
                  </span>
                </Cell>
                <Cell right>{bot.ordersOpen}</Cell>
                <Cell>
                  <span className="block min-w-48 text-sm text-muted">
                    {bot.lastDecision === null ? '—' : <Told of={bot.lastDecision} />}
                  </span>
                </Cell>
              </tr>
            ))}
          </Table>
        )}
      </Shown>
    </div>
  );
}
