/** Trades in the venue's history that no leaf explains: one question each, three answers. */
import type { ForeignTrade } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { grouped } from '../../parts/decimal-text.ts';
import { Refused, Shown } from '../../parts/shown.tsx';
import { Time } from '../../parts/time.tsx';

const answers = ['mine', 'other-app', 'not-me'] as const;

export function ForeignTrades() {
  const say = useSay();
  const answer = useAnswer('listForeignTrades', { query: { limit: 50 } });
  return (
    <Card title={say('security.foreign')}>
      <Shown
        answer={answer}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <p className="text-muted">{say('foreign.none')}</p>,
        }}
      >
        {({ items }) => (
          <ul className="flex flex-col gap-3">
            {items.map((trade) => (
              <li key={trade.id}>
                <Question trade={trade} />
              </li>
            ))}
          </ul>
        )}
      </Shown>
    </Card>
  );
}

function Question({ trade }: { readonly trade: ForeignTrade }) {
  const say = useSay();
  const reply = useSend('answerForeignTrade');
  return (
    <div className={`rounded-md border p-3 ${trade.state === 'open' ? 'border-danger' : 'border-line'}`}>
      <p>
        {trade.state === 'open' && <strong>{say('foreign.question')} </strong>}
        {say('foreign.sentence', {
          side: trade.side,
          quantity: trade.quantity,
          symbol: trade.symbol,
          price: grouped(trade.price),
        })}{' '}
        <Time at={trade.at} />
      </p>
      {trade.state === 'open' ? (
        <div className="mt-2 flex flex-wrap gap-2">
          {answers.map((one) => (
            <Button
              key={one}
              look={one === 'not-me' ? 'danger' : 'plain'}
              busy={reply.isPending}
              onClick={() => reply.mutate({ params: { trade: trade.id }, body: { answer: one } })}
            >
              {say(`foreign.answer.${one}`)}
            </Button>
          ))}
        </div>
      ) : (
        <p className="text-sm text-muted">{say(`foreign.answer.${trade.state}`)}</p>
      )}
      {reply.error !== null && <Refused error={reply.error} />}
    </div>
  );
}
