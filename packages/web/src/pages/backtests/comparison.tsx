/** Two backtests side by side, under the same figures. */
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Shown } from '../../parts/shown.tsx';
import { FiguresTable } from './figures-table.tsx';
import { TestResult } from './test-result.tsx';

export function Comparison({ first, second }: { readonly first: string; readonly second: string }) {
  const say = useSay();
  const answers = [
    useAnswer('getJobResult', { params: { job: first } }),
    useAnswer('getJobResult', { params: { job: second } }),
  ] as const;
  return (
    <Card title={say('tests.compare')}>
      <Shown answer={answers[0]}>
        {(one) => (
          <Shown answer={answers[1]}>
            {(two) => {
              if (one.kind !== 'backtest' || two.kind !== 'backtest')
                return <p>{say('tests.compare.only')}</p>;
              return (
                <div className="flex flex-col gap-4">
                  <FiguresTable
                    quote={one.quote}
                    named={[
                      { name: 'A', figures: one.figures },
                      { name: 'B', figures: two.figures },
                    ]}
                  />
                  <div className="grid gap-4 lg:grid-cols-2">
                    <TestResult result={one} brief />
                    <TestResult result={two} brief />
                  </div>
                </div>
              );
            }}
          </Shown>
        )}
      </Shown>
    </Card>
  );
}
