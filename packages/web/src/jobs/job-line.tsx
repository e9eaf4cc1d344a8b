/** One long piece of work: its step, how far it is, what is left; cancel and resume. */
import type { Job } from '@counterfoil/api';
import { useSay } from '../app/messages.ts';
import { useSend } from '../app/queries.ts';
import { useTold } from '../app/told.ts';
import { Button } from '../parts/button.tsx';
import { Refused } from '../parts/shown.tsx';
import { stepWord } from './step-word.ts';

export function JobLine({ job }: { readonly job: Job }) {
  const say = useSay();
  const title = useTold()({ sentence: job.title, said: job.titleSaid });
  const cancel = useSend('cancelJob');
  const resume = useSend('resumeJob');
  const params = { job: job.id };
  const error = cancel.error ?? resume.error;
  const active = job.state === 'running' || job.state === 'waiting';
  return (
    <div className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-3">
        <span className="min-w-0 grow font-medium" lang={title.lang}>
          {title.text}
        </span>
        <span className="text-sm text-muted">{say(`job.state.${job.state}`)}</span>
        {active && (
          <Button busy={cancel.isPending} onClick={() => cancel.mutate({ params })}>
            {say('job.cancel')}
          </Button>
        )}
        {(job.state === 'cancelled' || job.state === 'failed') && (
          <Button busy={resume.isPending} onClick={() => resume.mutate({ params })}>
            {say('job.resume')}
          </Button>
        )}
      </div>
      {active && (
        <div className="flex items-center gap-3 text-sm text-muted">
          <progress
            aria-label={title.text}
            value={job.percent}
            max={100}
            className="h-2 grow accent-accent"
          />
          <span>
            {Math.round(job.percent)} % · {stepWord(say, job.step)}
            {job.secondsLeft !== null && ` · ${say('job.left', { seconds: job.secondsLeft })}`}
          </span>
        </div>
      )}
      {job.error !== null && (
        <p role="alert" className="text-sm">
          ⚠ {say('job.error')} <span lang="en">{job.error}</span>
        </p>
      )}
      {error !== null && <Refused error={error} />}
    </div>
  );
}
