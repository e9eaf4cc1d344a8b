import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Shown } from '../../parts/shown.tsx';
import { SweepMap } from './sweep-map.tsx';
import { TestResult } from './test-result.tsx';

/** The result of a backtest or a sweep. */
export function JobResultView({ job }: { readonly job: string }) {
  const say = useSay();
  const answer = useAnswer('getJobResult', { params: { job } });
  return (
    <Card title={say('tests.result')}>
      <Shown answer={answer}>
        {(result) =>
          result.kind === 'backtest' ? <TestResult result={result} /> : <SweepMap result={result} />
        }
      </Shown>
    </Card>
  );
}
