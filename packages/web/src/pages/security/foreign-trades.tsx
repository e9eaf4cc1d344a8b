/** Trades in the exchange's history that no receipt explains: open ones ask over the page, answered ones are kept. */
import type { ForeignTrade } from '@counterfoil/api';
import { Link, useNavigate } from '@tanstack/react-router';
import { useSay } from '../../app/messages.ts';
import { useAnswer, useSend } from '../../app/queries.ts';
import { Button } from '../../parts/button.tsx';
import { Card } from '../../parts/card.tsx';
import { Refused, Shown } from '../../parts/shown.tsx';
import { ForeignSentence } from './foreign-sentence.tsx';

const answers = ['mine', 'other-app', 'not-me'] as const;
const query = { query: { limit: 50 } } as const;

/** Nothing while there is no question: what failed is said by the list below. */
export function ForeignQuestions() {
  const say = useSay();
  const open =
    useAnswer('listForeignTrades', query).data?.items.filter(({ state }) => state === 'open') ?? [];
  if (open.length === 0) return null;
  return (
    <section role="alert" aria-label={say('security.foreign')} className="flex flex-col gap-3">
      {open.map((trade) => (
        <Question key={trade.id} trade={trade} />
      ))}
    </section>
  );
}

export function ForeignTrades() {
  const say = useSay();
  const answer = useAnswer('listForeignTrades', query);
  return (
    <Card title={say('security.foreign')}>
      <Shown
        answer={answer}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <p className="text-muted">{say('foreign.none')}</p>,
        }}
      >
        {({ items }) => {
          const answered = items.filter(({ state }) => state !== 'open');
          return answered.length === 0 ? (
            <p className="text-muted">{say('foreign.asked')}</p>
          ) : (
            <ul className="flex flex-col gap-2">
              {answered.map((trade) => (
                <li key={trade.id}>
                  <ForeignSentence trade={trade} />{' '}
                  <span className="text-sm text-muted">{say(`foreign.answered.${trade.state}`)}</span>{' '}
                  {trade.state === 'not-me' && (
                    <Link to="/not-me/$trade" params={{ trade: trade.id }} className="underline">
                      {say('foreign.steps')}
                    </Link>
                  )}
                </li>
              ))}
            </ul>
          );
        }}
      </Shown>
    </Card>
  );
}

function Question({ trade }: { readonly trade: ForeignTrade }) {
  const say = useSay();
  const navigate = useNavigate();
  const reply = useSend('answerForeignTrade');
  const list = useAnswer('listForeignTrades', query);
  const give = (answer: (typeof answers)[number]): void =>
    reply.mutate(
      { params: { trade: trade.id }, body: { answer } },
      {
        onSuccess: () => {
          void list.refetch();
          if (answer === 'not-me') void navigate({ to: '/not-me/$trade', params: { trade: trade.id } });
        },
      },
    );
  return (
    <div className="rounded-lg border-2 border-danger bg-panel p-4">
      <p>
        <strong>■ {say('foreign.question')}</strong> <ForeignSentence trade={trade} />
      </p>
      <div className="mt-3 flex flex-wrap gap-2">
        {answers.map((one) => (
          <Button
            key={one}
            className="min-h-11"
            look={one === 'not-me' ? 'danger' : 'plain'}
            busy={reply.isPending}
            onClick={() => give(one)}
          >
            {say(`foreign.answer.${one}`)}
          </Button>
        ))}
      </div>
      {reply.error !== null && <Refused error={reply.error} />}
    </div>
  );
}
