/** The orders of a plan, in the order of placing, with what each leads to. */
import type { Market, Preview } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';
import { aligned, cut, digitsOf, grouped, raised } from '../../parts/decimal-text.ts';
import { Cell, Table } from '../../parts/table.tsx';
import { Told } from '../../parts/told.tsx';
import { roleWord } from '../bots/order-role.ts';

/** Enough to compare orders; the exact amounts are the exchange's to compute. */
const AMOUNT_DIGITS = 2;
/** The coin itself is worth more, and counted in smaller parts. */
const COIN_DIGITS = 6;

export function LadderTable({
  preview,
  market,
}: {
  readonly preview: Preview;
  readonly market: Market | null;
}) {
  const say = useSay();
  const priceDigits = digitsOf(preview.orders.flatMap(({ price, average }) => [price, average]));
  const digits = digitsOf(preview.orders.map(({ quantity }) => quantity));
  return (
    <section className="rounded-lg border border-line bg-panel p-3">
      {preview.warnings.slice(0, 3).map((warning) => (
        <p key={warning.sentence} className="mb-2 text-sm">
          ▲ <Told of={warning} />
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
              <Cell>{roleWord(say, order.role)}</Cell>
              <Cell>{say(`order.${order.side}`)}</Cell>
              <Cell right>{aligned(order.price, priceDigits)}</Cell>
              <Cell right>
                {aligned(order.quantity, digits)} <span className="text-xs text-muted">{market?.base}</span>
              </Cell>
              <Cell right>
                {aligned(cut(order.amount, AMOUNT_DIGITS), AMOUNT_DIGITS)}{' '}
                <span className="text-xs text-muted">{market?.quote}</span>
              </Cell>
              <Cell right>{order.average === null ? '—' : aligned(order.average, priceDigits)}</Cell>
              <Cell right>{order.neededMovePercent === null ? '—' : `${order.neededMovePercent} %`}</Cell>
            </tr>
          ))}
        </Table>
      </div>
      <p className="mt-2 text-sm text-muted">
        {say('wizard.needs')}{' '}
        {preview.needs
          .map(({ asset, amount }) => {
            const needed = raised(amount, asset === market?.quote ? AMOUNT_DIGITS : COIN_DIGITS);
            return `${grouped(needed)} ${asset}`;
          })
          .join(', ')}
      </p>
    </section>
  );
}
