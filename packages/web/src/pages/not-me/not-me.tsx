/** After *Not me*: what to do now, in five steps that a thumb can do, each with its tick. */
import type { AnswerOf, Connection, ForeignTrade, Freeze } from '@counterfoil/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { usePathPart } from '../../app/path-part.ts';
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Shown, Unanswered } from '../../parts/shown.tsx';
import { Empty, Loading } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';
import { venues } from '../connect/venues.ts';
import { ForeignSentence } from '../security/foreign-sentence.tsx';
import { SaveEvidence } from './save-evidence.tsx';
import { type Step, useTicks } from './ticks.ts';

type Freezes = AnswerOf<'listFreezes'>;

export function NotMe() {
  const say = useSay();
  const id = usePathPart('trade');
  const trades = useAnswer('listForeignTrades', { query: { limit: 200 } });
  const freezes = useAnswer('listFreezes', {});
  const connections = useAnswer('listConnections', {});
  const find = ({ items }: AnswerOf<'listForeignTrades'>): ForeignTrade | undefined =>
    items.find((one) => one.id === id);
  return (
    <div className="flex max-w-2xl flex-col gap-4">
      <h1 className="text-xl font-semibold">{say('notMe.title')}</h1>
      <Unanswered answers={[freezes, connections]} />
      <Shown
        answer={trades}
        empty={{ when: (all) => find(all) === undefined, show: <Empty>{say('notMe.none')}</Empty> }}
      >
        {(all) => {
          const trade = find(all);
          const key = connections.data?.items.find((one) => one.id === trade?.connection);
          if (trade === undefined || key === undefined || freezes.data === undefined)
            return freezes.error === null && connections.error === null ? <Loading /> : null;
          return <Steps trade={trade} connection={key} freezes={freezes.data} />;
        }}
      </Shown>
    </div>
  );
}

interface StepsProps {
  readonly trade: ForeignTrade;
  readonly connection: Connection;
  readonly freezes: Freezes;
}

function Steps({ trade, connection, freezes }: StepsProps) {
  const say = useSay();
  const [ticks, tick] = useTicks(trade.id);
  const frozen = freezes.items.find((freeze) => covers(freeze, connection.id));
  const page = venues.find(({ id }) => id === connection.venue)?.page ?? null;
  const box = (step: Step): ReactNode => (
    <label className="flex min-h-11 items-center gap-3">
      <input
        type="checkbox"
        className="size-5"
        checked={ticks.has(step)}
        onChange={(event) => tick(step, event.target.checked)}
      />
      {say('notMe.done')}
    </label>
  );
  return (
    <>
      <p>
        <ForeignSentence trade={trade} />
      </p>
      <ol className="flex flex-col gap-3">
        <StepBox number={1} title={say('notMe.frozen')} done={frozen !== undefined}>
          {frozen === undefined ? (
            <p>▲ {say('notMe.frozen.not')}</p>
          ) : (
            <p>
              {say('notMe.frozen.is', { label: connection.label })} <Time at={frozen.at} />
            </p>
          )}
          <p className="text-sm text-muted">{say('freeze.limits')}</p>
        </StepBox>
        <StepBox number={2} title={say('notMe.delete')} done={ticks.has('delete')}>
          <p>{say('notMe.delete.why')}</p>
          {page !== null && <p className="font-mono text-sm break-all">{page}</p>}
          {connection.apiKeyId !== null && (
            <p className="text-sm text-muted">
              {say('connect.id')}: <span className="font-mono text-xs break-all">{connection.apiKeyId}</span>
            </p>
          )}
          {box('delete')}
        </StepBox>
        <StepBox number={3} title={say('notMe.password')} done={ticks.has('password')}>
          <p>{say('notMe.password.why')}</p>
          {box('password')}
        </StepBox>
        <StepBox number={4} title={say('notMe.evidence')} done={ticks.has('evidence')}>
          <p>{say('notMe.evidence.what')}</p>
          <SaveEvidence trade={trade} connection={connection} onSaved={() => tick('evidence', true)} />
        </StepBox>
        <StepBox number={5} title={say('notMe.report')} done={ticks.has('report')}>
          <p>{say('notMe.report.how')}</p>
          {box('report')}
        </StepBox>
      </ol>
      <p className="text-sm text-muted">{say('notMe.kept')}</p>
      <p>
        {say('notMe.then')}{' '}
        <Link to="/connections/$connection" params={{ connection: connection.id }} className="underline">
          {say('replace.title')}
        </Link>
      </p>
    </>
  );
}

function covers({ scope, connection, depth }: Freeze, id: string): boolean {
  return depth === 'everything' && (scope !== 'connection' || connection === id);
}

interface StepBoxProps {
  readonly number: number;
  readonly title: string;
  readonly done: boolean;
  readonly children: ReactNode;
}

function StepBox({ number, title, done, children }: StepBoxProps) {
  const say = useSay();
  return (
    <li className={`rounded-lg border bg-panel p-4 ${done ? 'border-line' : 'border-live'}`}>
      <h2 className="mb-2 flex items-baseline gap-2 font-semibold">
        <span className="text-muted">{number}</span>
        <span className="grow">{title}</span>
        <span className="shrink-0 text-sm font-medium whitespace-nowrap">
          {say(done ? 'notMe.state.done' : 'notMe.state.open')}
        </span>
      </h2>
      <div className="flex flex-col items-start gap-2">{children}</div>
    </li>
  );
}
