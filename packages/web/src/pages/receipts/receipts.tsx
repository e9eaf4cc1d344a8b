/** The explorer of receipts: every order by day, with filters, and the log that they are in. */
import { useState } from 'react';
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Hash } from '../../parts/hash.tsx';
import { Shown, Unanswered } from '../../parts/shown.tsx';
import { FilterFields } from './filter-fields.tsx';
import { type ReceiptFilter, anyReceipt } from './receipt-filter.ts';
import { ReceiptList } from './receipt-list.tsx';

export function Receipts() {
  const say = useSay();
  const [filter, setFilter] = useState<ReceiptFilter>(anyReceipt);
  const bots = useAnswer('listBots', { query: { limit: 200 } });
  const head = useAnswer('getLogHead', {});
  const named = bots.data?.items ?? [];
  const names = new Map(named.map(({ id, name }) => [id, name]));
  return (
    <div className="flex flex-col gap-4">
      <h1 className="text-xl font-semibold">{say('receipts.title')}</h1>
      <p className="max-w-prose text-muted">{say('receipts.intro')}</p>
      <Card title={say('receipts.log')}>
        <Shown answer={head}>
          {({ origin, size, rootHash }) => (
            <p className="break-words">
              {say('receipts.head', { origin, size })} <Hash value={rootHash} />{' '}
              <a className="underline" href="/offline-verifier.html" download>
                {say('receipts.offline')}
              </a>
            </p>
          )}
        </Shown>
      </Card>
      <FilterFields
        filter={filter}
        bots={named}
        onChange={(part) => setFilter((before) => ({ ...before, ...part }))}
      />
      <Unanswered answers={[bots]} />
      <ReceiptList key={filter.bot} filter={filter} names={names} />
    </div>
  );
}
