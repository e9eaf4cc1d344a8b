/** The security centre: six cards in fixed order, what is frozen, trades that are not ours, limits, devices. */
import type { SecurityOverview } from '@counterfoil/api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type MessageKey, useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Hash } from '../../parts/hash.tsx';
import { Shown } from '../../parts/shown.tsx';
import { Told } from '../../parts/told.tsx';
import { Connections } from './connections.tsx';
import { Devices } from './devices.tsx';
import { ForeignQuestions, ForeignTrades } from './foreign-trades.tsx';
import { Freezes } from './freezes.tsx';
import { Limits } from './limits.tsx';

export function Security() {
  const say = useSay();
  const answer = useAnswer('getSecurity', {});
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1 className="text-xl font-semibold">{say('security.title')}</h1>
        <Link to="/connect" className="rounded-md border border-line bg-raised px-3 py-2">
          {say('connect.title')}
        </Link>
      </div>
      <ForeignQuestions />
      <Shown answer={answer}>
        {(overview) => (
          <>
            {overview.freezes.length > 0 && <Freezes freezes={overview.freezes} />}
            <Cards overview={overview} />
          </>
        )}
      </Shown>
      <ForeignTrades />
      <Connections />
      <Limits />
      <Devices />
    </div>
  );
}

const shapes = { ok: '✓', check: '▲', act: '■', 'not-set-up': '◌' } as const;

function Cards({ overview }: { readonly overview: SecurityOverview }) {
  const say = useSay();
  const { custody, isolation, receipts, foreignTrades, devices, phishing, vaultKeyHash } = overview;
  return (
    <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
      <StateCard name="security.custody" card={custody}>
        {vaultKeyHash !== null && (
          <p className="text-sm text-muted">
            {say('security.vault')} <Hash value={vaultKeyHash} />
          </p>
        )}
      </StateCard>
      <StateCard name="security.isolation" card={isolation}>
        <p className="text-sm">
          {say('security.level')} <strong>{isolation.level}</strong>
        </p>
        <p className="text-sm text-muted">
          {say('security.level.not')}{' '}
          <Told of={{ sentence: isolation.protectsNotFrom, said: isolation.protectsNotFromSaid }} />
        </p>
      </StateCard>
      <StateCard name="security.receipts" card={receipts}>
        <p className="text-sm">
          {say('security.counts', { orders: receipts.orders, receipts: receipts.receipts })}
        </p>
      </StateCard>
      <StateCard name="security.foreign" card={foreignTrades} />
      <StateCard name="security.devices" card={devices} />
      <StateCard name="security.phishing" card={phishing} />
    </div>
  );
}

interface StateCardProps {
  readonly name: MessageKey;
  readonly card: SecurityOverview['custody'];
  readonly children?: ReactNode;
}

function StateCard({ name, card, children }: StateCardProps) {
  const say = useSay();
  return (
    <Card
      title={say(name)}
      aside={
        <span className="text-sm font-medium">
          <span aria-hidden="true">{shapes[card.state]}</span> {say(`security.state.${card.state}`)}
        </span>
      }
    >
      <p className="mb-1">
        <Told of={card} />
      </p>
      {children}
    </Card>
  );
}
