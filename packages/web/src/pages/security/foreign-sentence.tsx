/** What happened at the exchange, and with which key's account. */
import type { ForeignTrade } from '@counterfoil/api';
import { useSay } from '../../app/messages.ts';
import { useAnswer } from '../../app/queries.ts';
import { grouped } from '../../parts/decimal-text.ts';
import { Time } from '../../parts/time.tsx';

export function ForeignSentence({ trade }: { readonly trade: ForeignTrade }) {
  const say = useSay();
  const connections = useAnswer('listConnections', {});
  const key = connections.data?.items.find(({ id }) => id === trade.connection);
  return (
    <>
      {say('foreign.sentence', {
        side: trade.side,
        quantity: trade.quantity,
        symbol: trade.symbol,
        price: grouped(trade.price),
      })}{' '}
      <Time at={trade.at} />
      {key !== undefined && <>, {say('foreign.account', { venue: key.venue, label: key.label })}</>}
    </>
  );
}
