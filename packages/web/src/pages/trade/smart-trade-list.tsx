/** SmartTrades that run or ran. */
import type { SmartTrade } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { grouped } from '../../parts/decimal-text.ts';
import { Change } from '../../parts/figures.tsx';
import { Refused, Shown } from '../../parts/shown.tsx';
import { Empty } from '../../parts/states.tsx';
import { Cell, Table } from '../../parts/table.tsx';
import { Told } from '../../parts/told.tsx';

export function SmartTradeList() {
  const say = useSay();
  const answer = useAnswer('listSmartTrades', { query: { limit: 50 } });
  return (
    <Card title={say('trade.list')}>
      <Shown
        answer={answer}
        empty={{ when: ({ items }) => items.length === 0, show: <Empty>{say('trade.empty')}</Empty> }}
      >
        {({ items }) => (
          <Table
            caption={say('trade.list')}
            columns={[
              { title: say('bots.name') },
              { title: say('order.state') },
              { title: say('order.quantity'), right: true },
              { title: say('deal.average'), right: true },
              { title: say('trade.stop'), right: true },
              { title: say('bots.profit'), right: true },
              { title: say('trade.actions') },
            ]}
          >
            {items.map((trade) => (
              <tr key={trade.id} className="border-t border-line">
                <Cell>{trade.name}</Cell>
                <Cell>
                  {say(`trade.state.${trade.state}`)}
                  {trade.lastDecision !== null && (
                    <p className="text-xs text-muted">
                      <Told of={trade.lastDecision} />
                    </p>
                  )}
                </Cell>
                <Cell right>{trade.quantity}</Cell>
                <Cell right>{trade.average === null ? '—' : grouped(trade.average)}</Cell>
                <Cell right>{trade.stopPrice === null ? '—' : grouped(trade.stopPrice)}</Cell>
                <Cell right>
                  {trade.profit === null ? (
                    '—'
                  ) : (
                    <Change value={trade.profit.amount} unit={trade.profit.asset} secret />
                  )}
                </Cell>
                <Cell>
                  <Actions trade={trade} />
                </Cell>
              </tr>
            ))}
          </Table>
        )}
      </Shown>
    </Card>
  );
}

function Actions({ trade }: { readonly trade: SmartTrade }) {
  const say = useSay();
  const close = useSend('closeSmartTrade');
  const cancel = useSend('cancelSmartTrade');
  const params = { smartTrade: trade.id };
  const error = close.error ?? cancel.error;
  const waits = trade.state === 'waiting' || trade.state === 'entering' || trade.state === 'draft';
  return (
    <div className="flex flex-wrap gap-2">
      {trade.state === 'open' && (
        <Button busy={close.isPending} onClick={() => close.mutate({ params })}>
          {say('deal.close')}
        </Button>
      )}
      {(waits || trade.state === 'open') && (
        <Button busy={cancel.isPending} onClick={() => cancel.mutate({ params })}>
          {say('trade.cancel')}
        </Button>
      )}
      {error !== null && <Refused error={error} />}
    </div>
  );
}
