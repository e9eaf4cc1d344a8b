/** A page of orders by day, each with what it was; a row opens to its receipt and every check, run in this browser. */
import type { Order } from '@counterfoil/api';
import { useState } from 'react';
import { useDisplay } from '../../app/display.ts';
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { grouped } from '../../parts/decimal-text.ts';
import { Shown } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { OrderSentence } from '../../receipts/order-sentence.tsx';
import { ReceiptView } from '../../receipts/receipt-view.tsx';
import { type ReceiptFilter, fits } from './receipt-filter.ts';

const PAGE = 100;

export interface ReceiptListProps {
  readonly filter: ReceiptFilter;
  readonly names: ReadonlyMap<string, string>;
  readonly cursor?: string;
}

export function ReceiptList({ filter, names, cursor }: ReceiptListProps) {
  const say = useSay();
  const { language } = useDisplay();
  const [older, setOlder] = useState(false);
  const answer = useAnswer('listOrders', {
    query: {
      limit: PAGE,
      ...(filter.bot === '' ? {} : { bot: filter.bot }),
      ...(cursor === undefined ? {} : { cursor }),
    },
  });
  return (
    <Shown
      answer={answer}
      empty={{
        when: ({ items }) => items.length === 0 && cursor === undefined,
        show: <Empty>{say('receipts.empty')}</Empty>,
      }}
    >
      {({ items, next }) => {
        const shown = items.filter((order) => fits(order, filter));
        const days = Map.groupBy(shown, ({ journalledAt }) =>
          new Date(journalledAt).toLocaleDateString(language, { dateStyle: 'full' }),
        );
        return (
          <>
            {shown.length === 0 && <Empty>{say('receipts.none')}</Empty>}
            {[...days].map(([day, orders]) => (
              <section key={day} aria-label={day} className="flex flex-col gap-2">
                <h2 className="text-sm font-medium text-muted">{day}</h2>
                <ul className="flex flex-col gap-2">
                  {orders.map((order) => (
                    <li key={order.id}>
                      <Row order={order} bot={names.get(order.bot) ?? order.bot} />
                    </li>
                  ))}
                </ul>
              </section>
            ))}
            {next !== null && !older && (
              <Button className="self-start" onClick={() => setOlder(true)}>
                {say('receipts.older')}
              </Button>
            )}
            {next !== null && older && <ReceiptList filter={filter} names={names} cursor={next} />}
          </>
        );
      }}
    </Shown>
  );
}

function Row({ order, bot }: { readonly order: Order; readonly bot: string }) {
  const say = useSay();
  const [open, setOpen] = useState(false);
  return (
    <details
      className="rounded-lg border border-line bg-panel p-3"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex min-h-6 cursor-pointer flex-wrap items-baseline gap-x-3 gap-y-1">
        <span className="text-muted">
          <Time at={order.journalledAt} withDate={false} />
        </span>
        <span className="font-medium">
          {say(`order.${order.side}`)} {order.quantity ?? order.amount} {order.symbol}{' '}
          {order.price === null ? say('order.market') : `@ ${grouped(order.price)}`}
        </span>
        <span className="text-muted">{bot}</span>
        <span className="grow" />
        <span className="text-sm text-muted">
          {say(`order.state.${order.state}`)}
          {!order.hasReceipt && ` · ◌ ${say('receipts.missing')}`}
        </span>
      </summary>
      {open && (
        <div className="mt-3 flex flex-col gap-3">
          <OrderSentence order={order.id} />
          {order.hasReceipt ? <ReceiptView order={order.id} /> : <p>{say('receipt.missing')}</p>}
        </div>
      )}
    </details>
  );
}
