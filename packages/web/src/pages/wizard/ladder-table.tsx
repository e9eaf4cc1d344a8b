/** The orders of a plan, in the order of placing, with what each leads to. */
import type { Market, Preview } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';
import { grouped } from '../../parts/figures.tsx';
import { Cell, Table } from '../../parts/table.tsx';

export function LadderTable({
  preview,
  market,
}: {
  readonly preview: Preview;
  readonly market: Market | null;
}) {
  const say = useSay();
  return (
    <section className="rounded-lg border border-line bg-panel p-3">
      {preview.warnings.slice(0, 3).map((warning) => (
        <p key={warning} className="mb-2 text-sm">
          ▲ {warning}
        </p>
      ))}
      <div className="max-h-64 overflow-y-auto">
        <Table
          caption={say('wizard.ladder')}
          columns={[
            { title: say('order.role') },
            { title: say('order.side') },
            { title: say('order.price'), right: true },
            { title: say('order.quantity'), right: true },
            { title: say('order.amount'), right: true },
            { title: say('deal.average'), right: true },
            { title: say('wizard.needed'), right: true },
          ]}
        >
          {preview.orders.map((order, at) => (
            <tr key={`${order.role} ${at}`} className="border-t border-line">
              <Cell>{order.role}</Cell>
              <Cell>{say(`order.${order.side}`)}</Cell>
              <Cell right>{grouped(order.price)}</Cell>
              <Cell right>
                {order.quantity} {market?.base}
              </Cell>
              <Cell right>{grouped(order.amount)}</Cell>
              <Cell right>{order.average === null ? '—' : grouped(order.average)}</Cell>
              <Cell right>{order.neededMovePercent === null ? '—' : `${order.neededMovePercent} %`}</Cell>
            </tr>
          ))}
        </Table>
      </div>
      <p className="mt-2 text-sm text-muted">
        {say('wizard.needs')}{' '}
        {preview.needs.map(({ asset, amount }) => `${grouped(amount)} ${asset}`).join(', ')}
      </p>
    </section>
  );
}
