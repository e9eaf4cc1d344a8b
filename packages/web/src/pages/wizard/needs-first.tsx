/** What has to be there before a bot or a trade can be planned, where it is not. */
import type { Connection, Market } from '@counterfoil/api';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useSay } from '../../app/messages.ts';
import { Empty } from '../../parts/states.tsx';

export interface NeedsFirstProps {
  readonly markets: UseQueryResult<{ readonly items: readonly Market[] }, Error>;
  readonly connections: UseQueryResult<{ readonly items: readonly Connection[] }, Error>;
}

export function NeedsFirst({ markets, connections }: NeedsFirstProps) {
  const say = useSay();
  if (markets.data?.items.length === 0) return <Empty>{say('wizard.none.market')}</Empty>;
  if (connections.data?.items.every(({ state }) => state !== 'ready') !== true) return null;
  return (
    <Empty>
      {say('wizard.none.key')}{' '}
      <Link to="/connect" className="underline">
        {say('connect.title')}
      </Link>
    </Empty>
  );
}
