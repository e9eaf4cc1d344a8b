/** Figures of one or more tests side by side. */
import type { BacktestResult } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';
import { cut, grouped } from '../../parts/decimal-text.ts';
import { Change } from '../../parts/figures.tsx';
import { Cell, Table } from '../../parts/table.tsx';

export type Figures = BacktestResult['figures'];

export interface FiguresTableProps {
  readonly named: readonly { readonly name: string; readonly figures: Figures }[];
  readonly quote: string;
}

export function FiguresTable({ named, quote }: FiguresTableProps) {
  const say = useSay();
  return (
    <Table
      caption={say('tests.figures')}
      columns={[
        { title: say('tests.name') },
        { title: say('bots.profit'), right: true },
        { title: say('tests.hold'), right: true },
        { title: say('tests.drawdown'), right: true },
        { title: say('bots.deals'), right: true },
        { title: say('tests.wins'), right: true },
        { title: say('tests.fees'), right: true },
      ]}
    >
      {named.map(({ name, figures }) => (
        <tr key={name} className="border-t border-line">
          <Cell>{name}</Cell>
          <Cell right>
            <Change value={figures.profitPercent} unit="%" />
          </Cell>
          <Cell right>
            <Change value={figures.holdPercent} unit="%" />
          </Cell>
          <Cell right>
            {grouped(cut(figures.drawdownPercent, 2))} <span className="text-xs text-muted">%</span>
          </Cell>
          <Cell right>{figures.deals}</Cell>
          <Cell right>{figures.wins}</Cell>
          <Cell right>
            {grouped(cut(figures.fees, 2))} <span className="text-xs text-muted">{quote}</span>
          </Cell>
        </tr>
      ))}
    </Table>
  );
}
