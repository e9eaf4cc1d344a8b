/** Long work, wherever the reader is: a button with how many run, a panel with each. */
import { useState } from 'react';
import { useSay } from '../app/messages.ts';
import { useAnswer } from '../app/queries.ts';
import { Button } from '../parts/button.tsx';
import { Icon } from '../parts/icon.tsx';
import { Panel } from '../parts/panel.tsx';
import { Shown } from '../parts/shown.tsx';
import { Empty } from '../parts/states.tsx';
import { JobLine } from './job-line.tsx';

const SHOWN = 20;

export function JobTray() {
  const say = useSay();
  const [open, setOpen] = useState(false);
  const jobs = useAnswer('listJobs', { query: { limit: SHOWN } });
  const running = (jobs.data?.items ?? []).filter(
    ({ state }) => state === 'running' || state === 'waiting',
  ).length;
  const unknown = jobs.data === undefined && jobs.error !== null;
  return (
    <>
      <Button
        onClick={() => setOpen(true)}
        aria-label={say(unknown ? 'job.tray.unknown' : 'job.tray', { count: running })}
      >
        <span className="flex items-center gap-1" aria-hidden="true">
          <Icon name="jobs" /> {unknown ? '?' : running > 0 ? running : ''}
        </span>
      </Button>
      <Panel title={say('job.title')} open={open} onClose={() => setOpen(false)}>
        <Shown
          answer={jobs}
          empty={{ when: ({ items }) => items.length === 0, show: <Empty>{say('job.none')}</Empty> }}
        >
          {({ items }) => (
            <ul className="flex flex-col gap-4">
              {items.map((job) => (
                <li key={job.id}>
                  <JobLine job={job} />
                </li>
              ))}
            </ul>
          )}
        </Shown>
      </Panel>
    </>
  );
}
