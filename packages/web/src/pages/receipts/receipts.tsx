/** All receipts: a row opens to what it says and to every check, run in this browser. */
import type { Receipt } from '@counterfoil/api';
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Hash } from '../../parts/hash.tsx';
import { Shown } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { OrderSentence } from '../../receipts/order-sentence.tsx';
import { ReceiptView } from '../../receipts/receipt-view.tsx';

const SHOWN = 100;

export function Receipts() {
  const say = useSay();
  const answer = useAnswer('listReceipts', { query: { limit: SHOWN } });
  const head = useAnswer('getLogHead', {});
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">{say('receipts.title')}</h1>
      <p className="max-w-prose text-muted">{say('receipts.intro')}</p>
      <Card title={say('receipts.log')}>
        <Shown answer={head}>
          {({ origin, size, rootHash }) => (
            <p>
              {say('receipts.head', { origin, size })} <Hash value={rootHash} />{' '}
              <a className="underline" href="/offline-verifier.html" download>
                {say('receipts.offline')}
              </a>
            </p>
          )}
        </Shown>
      </Card>
      <Shown
        answer={answer}
        empty={{ when: ({ items }) => items.length === 0, show: <Empty>{say('receipts.empty')}</Empty> }}
      >
        {({ items }) => (
          <ul className="flex flex-col gap-2">
            {items.map((receipt) => (
              <li key={receipt.order}>
                <Row receipt={receipt} />
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </div>
  );
}

function Row({ receipt }: { readonly receipt: Receipt }) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="rounded-lg border border-line bg-panel p-3"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="flex min-h-6 cursor-pointer flex-wrap gap-3">
        <Time at={receipt.madeAt} />
        <span className="font-mono text-xs">{receipt.clientOrderId ?? receipt.order}</span>
      </summary>
      {open && (
        <div className="mt-3 flex flex-col gap-3">
          <OrderSentence order={receipt.order} />
          <ReceiptView order={receipt.order} />
        </div>
      )}
    </details>
  );
}
