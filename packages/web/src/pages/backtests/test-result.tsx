/** What a backtest says: figures, curve, assumptions and warnings; the deals unless it is shown in brief. */
import type { BacktestResult } from '@counterfoil/api';
import { lazy, Suspense, useMemo } from 'react';
import { useSay } from '../../app/messages.ts';
import { ChartFrame } from '../../charts/chart-frame.tsx';
import { cut, grouped } from '../../parts/decimal-text.ts';
import { Change } from '../../parts/figures.tsx';
import { Loading } from '../../parts/states.tsx';
import { Cell, Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { Told } from '../../parts/told.tsx';
import { closedByWord } from '../bots/closed-by.ts';
import { FiguresTable } from './figures-table.tsx';

const CurveChart = lazy(() =>
  import('../../charts/curve-chart.tsx').then(({ CurveChart: chart }) => ({ default: chart })),
);

const TABLE_POINTS = 40;
const DEALS_SHOWN = 200;

export function TestResult({
  result,
  brief = false,
}: {
  readonly result: BacktestResult;
  readonly brief?: boolean;
}) {
  const say = useSay();
  const curve = useMemo(
    () => ({
      times: result.equity.map(({ t }) => t / 1_000),
      values: result.equity.map(({ value }) => Number(value)),
    }),
    [result.equity],
  );
  const every = Math.max(1, Math.ceil(result.equity.length / TABLE_POINTS));
  return (
    <div className="flex flex-col gap-3">
      <FiguresTable named={[{ name: say('tests.result'), figures: result.figures }]} quote={result.quote} />
      <ChartFrame
        summary={say('tests.curve', {
          first: grouped(cut(result.equity[0]?.value ?? '0', 2)),
          last: grouped(cut(result.equity.at(-1)?.value ?? '0', 2)),
          unit: result.quote,
        })}
        columns={[say('order.time'), say('tests.equity')]}
        rows={result.equity
          .filter((_, at) => at % every === 0)
          .map(({ t, value }) => [new Date(t).toISOString(), grouped(value)])}
      >
        <Suspense fallback={<Loading />}>
          <CurveChart
            times={curve.times}
            curves={[{ label: say('tests.equity'), values: curve.values }]}
            heightPx={brief ? 120 : 240}
          />
        </Suspense>
      </ChartFrame>
      {result.warnings.slice(0, brief ? 3 : undefined).map((warning) => (
        <p key={warning.sentence} className="text-sm">
          ▲ <Told of={warning} />
        </p>
      ))}
      <details>
        <summary className="min-h-6 cursor-pointer text-sm text-muted">{say('tests.assumptions')}</summary>
        <ul className="mt-1 list-disc pl-5 text-sm text-muted">
          {result.assumptions.map((line) => (
            <li key={line.sentence}>
              <Told of={line} />
            </li>
          ))}
        </ul>
      </details>
      {!brief && <Deals result={result} />}
    </div>
  );
}

function Deals({ result }: { readonly result: BacktestResult }) {
  const say = useSay();
  return (
    <Table
      caption={say('bot.tab.deals')}
      columns={[
        { title: say('tests.began') },
        { title: say('tests.ended') },
        { title: say('deal.closedBy') },
        { title: say('deal.entered'), right: true },
        { title: say('deal.averagings'), right: true },
        { title: say('bots.profit'), right: true },
      ]}
    >
      {result.deals.slice(0, DEALS_SHOWN).map((deal, at) => (
        <tr key={`${deal.startedAt} ${at}`} className="border-t border-line">
          <Cell>
            <Time at={deal.startedAt} />
          </Cell>
          <Cell>
            <Time at={deal.endedAt} />
          </Cell>
          <Cell>{closedByWord(say, deal.why)}</Cell>
          <Cell right>{grouped(cut(deal.entered, 2))}</Cell>
          <Cell right>{deal.averagings}</Cell>
          <Cell right>
            <Change value={deal.profit} unit={result.quote} />
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
