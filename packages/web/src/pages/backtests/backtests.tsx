/** All tests that were run: open one, compare two, or sweep settings of a bot. */
import type { Job } from '@counterfoil/api';
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { JobLine } from '../../jobs/job-line.tsx';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Shown } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { Comparison } from './comparison.tsx';
import { JobResultView } from './job-result-view.tsx';
import { NewTest } from './new-test.tsx';

export function Backtests() {
  const say = useSay();
  const jobs = useAnswer('listJobs', { query: { limit: 100 } });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const toggle = (id: string): void =>
    setChosen((before) =>
      before.includes(id) ? before.filter((other) => other !== id) : [...before, id].slice(-2),
    );
  const [first, second] = chosen;
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">{say('tests.title')}</h1>
      <NewTest />
      <Card title={say('tests.history')}>
        <Shown
          answer={jobs}
          empty={{ when: ({ items }) => items.length === 0, show: <Empty>{say('tests.empty')}</Empty> }}
        >
          {({ items }) => (
            <ul className="flex flex-col">
              {items.map((job) => (
                <li
                  key={job.id}
                  className="flex items-center gap-3 border-t border-line py-2 first:border-t-0"
                >
                  <div className="min-w-0 grow">
                    <JobLine job={job} />
                  </div>
                  {canShow(job) && (
                    <Button aria-pressed={chosen.includes(job.id)} onClick={() => toggle(job.id)}>
                      {say(chosen.includes(job.id) ? 'tests.hide' : 'tests.show')}
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Shown>
      </Card>
      {first !== undefined && second === undefined && <JobResultView key={first} job={first} />}
      {first !== undefined && second !== undefined && <Comparison first={first} second={second} />}
    </div>
  );
}

function canShow({ hasResult }: Job): boolean {
  return hasResult;
}
