/** A backtest beside the form: it runs by itself when the plan has stood still for a moment. */
import type { BotPlan, DataSet } from '@counterfoil/api';
import { useEffect, useMemo } from 'react';
import { useLater } from '../../app/later.ts';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Refused, Shown, Unanswered } from '../../parts/shown.tsx';
import { Empty, Loading } from '../../parts/states.tsx';
import { TestResult } from '../backtests/test-result.tsx';
import { testData } from '../backtests/test-data.ts';

/** A backtest costs more than a preview: it waits until the hands rest. */
const STILL_MS = 1_200;

export interface WizardBacktestProps {
  readonly plan: BotPlan;
  readonly symbol: string;
  readonly budget: string;
}

export function WizardBacktest({ plan, symbol, budget }: WizardBacktestProps) {
  const say = useSay();
  const sets = useAnswer('listDataSets', {});
  const set = useMemo(() => newestOf(sets.data?.items ?? [], symbol), [sets.data, symbol]);
  const still = useLater(plan, STILL_MS);
  const create = useSend('createBacktest');
  const run = create.mutate;
  useEffect(() => {
    if (set !== null) run({ body: { plan: still, ...testData(set, budget) } });
  }, [run, set, still, budget]);
  const id = create.data?.id ?? '';
  const job = useAnswer('getJob', { params: { job: id } }, { enabled: id !== '' });
  const done = job.data?.state === 'done';
  const result = useAnswer('getJobResult', { params: { job: id } }, { enabled: done });
  return (
    <Card title={say('wizard.backtest')}>
      <Shown answer={sets}>
        {() => {
          if (set === null) return <Empty>{say('tests.data.none', { symbol })}</Empty>;
          if (create.error !== null) return <Refused error={create.error} />;
          const unanswered = [job, result].filter(({ error }) => error !== null);
          if (unanswered.length > 0) return <Unanswered answers={unanswered} />;
          if (job.data?.state === 'failed') return <p role="alert">{job.data.error}</p>;
          if (!done || result.data === undefined) return <Loading />;
          return result.data.kind === 'backtest' ? <TestResult result={result.data} brief /> : null;
        }}
      </Shown>
    </Card>
  );
}

function newestOf(sets: readonly DataSet[], symbol: string): DataSet | null {
  const fitting = sets.filter((set) => set.symbol === symbol);
  return fitting.toSorted((a, b) => b.until.localeCompare(a.until))[0] ?? null;
}
