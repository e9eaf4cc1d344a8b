/** What every chart has besides its canvas: one sentence that says what it shows, and the same as a table. */
import { type ReactNode, useId, useState } from 'react';
import { useSay } from '../app/messages.ts';

export interface ChartFrameProps {
  readonly summary: string;
  readonly columns: readonly string[];
  /** Newest first; a table of what matters, not of every point. */
  readonly rows: readonly (readonly string[])[];
  readonly children: ReactNode;
}

export function ChartFrame({ summary, columns, rows, children }: ChartFrameProps) {
  const say = useSay();
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure className="flex h-full flex-col gap-1" aria-describedby={id}>
      <div className="min-h-0 grow">{asTable ? <ChartTable columns={columns} rows={rows} /> : children}</div>
      <figcaption className="flex items-center justify-between gap-3 text-xs text-muted">
        <span id={id}>{summary}</span>
        <button type="button" className="min-h-6 shrink-0 underline" onClick={() => setAsTable(!asTable)}>
          {say(asTable ? 'chart.asChart' : 'chart.asTable')}
        </button>
      </figcaption>
    </figure>
  );
}

function ChartTable({ columns, rows }: Pick<ChartFrameProps, 'columns' | 'rows'>) {
  return (
    <div className="max-h-96 overflow-auto" tabIndex={0} role="region">
      <table className="w-full text-left text-sm">
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" className="sticky top-0 bg-panel p-2 font-medium">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.join('|')} className="border-t border-line">
              {row.map((cell, at) => (
                <td key={columns[at]} className="p-2">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
