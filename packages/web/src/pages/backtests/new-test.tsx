/** Starts a backtest of a bot, or a sweep over two of its settings. */
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Refused, Shown, Unanswered } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { marketsOf } from '../bots/bot-words.ts';
import { testData } from './test-data.ts';
import { sweepAxes, valuesOf } from './sweep-axes.ts';

export function NewTest() {
  const say = useSay();
  const bots = useAnswer('listBots', { query: { limit: 200 } });
  const sets = useAnswer('listDataSets', {});
  const [botId, setBot] = useState('');
  const [budget, setBudget] = useState('1000');
  const [setId, setSet] = useState('');
  const backtest = useSend('createBacktest');
  const sweep = useSend('createSweep');
  const [first, setFirst] = useState('0.5 1 1.5 2 2.5 3');
  const [second, setSecond] = useState('1 2 3 4 5');
  return (
    <Card title={say('tests.new')}>
      <Shown
        answer={bots}
        empty={{ when: ({ items }) => items.length === 0, show: <Empty>{say('tests.new.nobot')}</Empty> }}
      >
        {({ items }) => {
          const bot = items.find(({ id }) => id === botId) ?? items[0];
          if (bot === undefined) return null;
          const symbols = marketsOf(bot);
          const fitting = (sets.data?.items ?? []).filter(({ symbol }) => symbols.includes(symbol));
          const set = fitting.find(({ id }) => id === setId) ?? fitting[0];
          const axes = sweepAxes(bot.plan.kind);
          const firstValues = valuesOf(first);
          const secondValues = valuesOf(second);
          return (
            <div className="flex flex-col gap-3">
              <div className="grid gap-3 sm:grid-cols-3">
                <Choice
                  label={say('tests.bot')}
                  value={bot.id}
                  options={items.map(({ id, name }) => ({ value: id, label: name }))}
                  onChange={setBot}
                />
                <Choice
                  label={say('tests.data')}
                  value={set?.id ?? ''}
                  options={fitting.map((one) => ({
                    value: one.id,
                    label: `${one.symbol} ${one.timeframe}, ${say(`money.prices.${one.origin}`)}`,
                  }))}
                  onChange={setSet}
                />
                <Field label={say('wizard.budget')} value={budget} onChange={setBudget} inputMode="decimal" />
              </div>
              <Unanswered answers={[sets]} />
              {set === undefined && sets.data !== undefined && (
                <p className="text-muted">{say('tests.data.none', { symbol: symbols.join(', ') })}</p>
              )}
              <details>
                <summary className="min-h-6 cursor-pointer text-sm">{say('tests.sweep')}</summary>
                <div className="mt-2 grid gap-3 sm:grid-cols-2">
                  <Field
                    label={axes[0].path}
                    value={first}
                    onChange={setFirst}
                    hint={say('tests.sweep.values')}
                  />
                  <Field
                    label={axes[1].path}
                    value={second}
                    onChange={setSecond}
                    hint={say('tests.sweep.values')}
                  />
                </div>
                <Button
                  className="mt-2"
                  busy={sweep.isPending}
                  disabled={set === undefined || firstValues === null || secondValues === null}
                  onClick={() => {
                    if (set === undefined || firstValues === null || secondValues === null) return;
                    sweep.mutate({
                      body: {
                        plan: bot.plan,
                        ...testData(set, budget),
                        axes: [axes[0].with(firstValues), axes[1].with(secondValues)],
                        randomCount: null,
                        seed: 1,
                      },
                    });
                  }}
                >
                  {say('tests.sweep.start')}
                </Button>
              </details>
              <Button
                look="main"
                className="self-start"
                busy={backtest.isPending}
                disabled={set === undefined}
                onClick={() => {
                  if (set !== undefined)
                    backtest.mutate({ body: { plan: bot.plan, ...testData(set, budget) } });
                }}
              >
                {say('tests.start')}
              </Button>
              {backtest.error !== null && <Refused error={backtest.error} />}
              {sweep.error !== null && <Refused error={sweep.error} />}
            </div>
          );
        }}
      </Shown>
    </Card>
  );
}
