/** A sweep as a map: one square per combination of the first two settings; all of it is a table too. */
import type { SweepResult } from '@counterfoil/api';
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { Change } from '../../parts/figures.tsx';
import { Told } from '../../parts/told.tsx';
import { FiguresTable } from './figures-table.tsx';

const BEST_SHOWN = 20;

type Run = SweepResult['runs'][number];

export function SweepMap({ result }: { readonly result: SweepResult }) {
  const say = useSay();
  const [chosen, setChosen] = useState<Run | null>(result.runs[0] ?? null);
  const [across, down] = result.axes;
  if (across === undefined || result.runs.length === 0) return <p>{say('tests.sweep.none')}</p>;
  const gains = result.runs.map(({ figures }) => Number(figures.profitPercent));
  const largest = Math.max(1e-9, ...gains.map((gain) => Math.abs(gain)));
  const rows = down?.values ?? [''];
  return (
    <div className="flex flex-col gap-4">
      {result.warnings.map((warning) => (
        <p key={warning.sentence} className="text-sm">
          ▲ <Told of={warning} />
        </p>
      ))}
      <div className="overflow-x-auto" tabIndex={0} role="region" aria-label={say('tests.sweep.map')}>
        <table>
          <caption className="text-left text-sm text-muted">
            {say('tests.sweep.axes', { across: across.path, down: down?.path ?? '—', tried: result.tried })}
          </caption>
          <thead>
            <tr>
              <td />
              {across.values.map((value) => (
                <th key={value} scope="col" className="px-1 text-xs font-normal text-muted">
                  {value}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row}>
                <th scope="row" className="pr-2 text-right text-xs font-normal text-muted">
                  {row}
                </th>
                {across.values.map((column) => (
                  <td key={column} className="p-0.5">
                    <Square
                      run={bestAt(result.runs, column, down === undefined ? null : row)}
                      largest={largest}
                      chosen={chosen}
                      onChoose={setChosen}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {chosen !== null && (
        <p>
          {result.axes.map(({ path }, at) => `${path} = ${chosen.settings[at] ?? ''}`).join(', ')}:{' '}
          <Change value={chosen.figures.profitPercent} unit="%" />
        </p>
      )}
      <FiguresTable
        quote=""
        named={result.runs
          .slice(0, BEST_SHOWN)
          .map(({ settings, figures }) => ({ name: settings.join(' · '), figures }))}
      />
    </div>
  );
}

/** With more than two settings, a square stands for the best of what it covers; the runs come best first. */
function bestAt(runs: readonly Run[], column: string, row: string | null): Run | undefined {
  return runs.find(({ settings }) => settings[0] === column && (row === null || settings[1] === row));
}

interface SquareProps {
  readonly run: Run | undefined;
  readonly largest: number;
  readonly chosen: Run | null;
  readonly onChoose: (run: Run) => void;
}

function Square({ run, largest, chosen, onChoose }: SquareProps) {
  if (run === undefined) return <span className="block size-8 rounded-sm border border-dashed border-line" />;
  const gain = Number(run.figures.profitPercent);
  const strength = Math.round((100 * Math.abs(gain)) / largest);
  return (
    <button
      type="button"
      aria-label={`${run.settings.join(' · ')}: ${run.figures.profitPercent} %`}
      aria-pressed={run === chosen}
      onClick={() => onChoose(run)}
      style={{
        backgroundColor: `color-mix(in oklab, var(${gain < 0 ? '--down' : '--up'}) ${strength}%, var(--panel))`,
      }}
      className={`block size-8 rounded-sm text-[10px] ${run === chosen ? 'ring-2 ring-accent' : ''}`}
    >
      {gain < 0 ? '−' : '+'}
    </button>
  );
}
