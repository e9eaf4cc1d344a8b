/** Net worth, today's change, open risk, and the curve of the last month. */
import { lazy, Suspense } from 'react';
import { setDisplay, useDisplay } from '../../app/display.ts';
import { useAnswer } from '../../app/queries.ts';
import { useSay } from '../../app/messages.ts';
import { ChartFrame } from '../../charts/chart-frame.tsx';
import { Button } from '../../parts/button.tsx';
import { cut, grouped } from '../../parts/decimal-text.ts';
import { Amount, Change } from '../../parts/figures.tsx';
import { Shown, Unanswered } from '../../parts/shown.tsx';
import { Loading } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';

const CurveChart = lazy(() =>
  import('../../charts/curve-chart.tsx').then(({ CurveChart: chart }) => ({ default: chart })),
);

const DAYS = 30;

export function Worth() {
  const say = useSay();
  const { hideAmounts } = useDisplay();
  const answer = useAnswer('getPortfolio', {});
  return (
    <section className="grid gap-4 rounded-lg border border-line bg-panel p-4 md:grid-cols-[1fr_1fr_1fr_2fr]">
      <Shown answer={answer}>
        {(portfolio) => (
          <>
            <Figure label={say('home.worth')}>
              <span className="block text-2xl font-semibold">
                <Amount value={portfolio.worth} unit={portfolio.quote} decimals={2} secret />
              </span>
              <Button
                look="quiet"
                aria-pressed={hideAmounts}
                onClick={() => setDisplay({ hideAmounts: !hideAmounts })}
              >
                {say(hideAmounts ? 'home.show' : 'home.hide')}
              </Button>
              {portfolio.stale && (
                <p className="text-xs text-muted">
                  {say('home.stale', { time: '' })} <Time at={portfolio.asOf} />
                </p>
              )}
            </Figure>
            <Figure label={say('home.today')}>
              <span className="text-xl">
                {portfolio.today === null ? (
                  '—'
                ) : (
                  <Change value={portfolio.today} unit={portfolio.quote} secret />
                )}
              </span>
            </Figure>
            <Figure label={say('home.risk')} hint={say('home.risk.hint')}>
              <span className="text-xl">
                <Amount value={portfolio.openRisk} unit={portfolio.quote} decimals={2} secret />
              </span>
            </Figure>
            {hideAmounts ? <span /> : <History unit={portfolio.quote} />}
          </>
        )}
      </Shown>
    </section>
  );
}

function Figure({
  label,
  hint,
  children,
}: {
  readonly label: string;
  readonly hint?: string;
  readonly children: React.ReactNode;
}) {
  return (
    <div>
      <p className="text-sm text-muted" title={hint}>
        {label}
      </p>
      {children}
    </div>
  );
}

function History({ unit }: { readonly unit: string }) {
  const say = useSay();
  const answer = useAnswer('getWorthHistory', { query: { days: DAYS } });
  const points = answer.data?.items ?? [];
  const first = points[0];
  const last = points.at(-1);
  if (answer.error !== null && answer.data === undefined) return <Unanswered answers={[answer]} />;
  if (first === undefined || last === undefined || points.length < 2) return <span />;
  const summary = say('home.history', {
    days: DAYS,
    first: `${grouped(cut(first.worth, 2))} ${unit}`,
    last: `${grouped(cut(last.worth, 2))} ${unit}`,
  });
  return (
    <ChartFrame
      summary={summary}
      columns={[say('home.history.time'), say('home.worth')]}
      rows={points.toReversed().map(({ at, worth }) => [at, `${grouped(worth)} ${unit}`])}
    >
      <Suspense fallback={<Loading />}>
        <CurveChart
          times={points.map(({ at }) => Date.parse(at) / 1_000)}
          curves={[{ label: say('home.worth'), values: points.map(({ worth }) => Number(worth)) }]}
          heightPx={96}
        />
      </Suspense>
    </ChartFrame>
  );
}
