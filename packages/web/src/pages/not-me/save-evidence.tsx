/**
 * One file with what this installation knows of a trade that is not its own: the trade, the key without anything
 * secret, its newest orders with their receipts' places, and the signed head of the log that does not explain it.
 */
import type { Connection, ForeignTrade } from '@counterfoil/api';
import { ask } from '../../app/client.ts';
import { useSay } from '../../app/messages.ts';
import { useDeed } from '../../app/use-deed.ts';
import { Button } from '../../parts/button.tsx';
import { Refused } from '../../parts/shown.tsx';

/** Around a trade that was just answered; the whole history is in the log. */
const ORDERS_MAX = 200;

export interface SaveEvidenceProps {
  readonly trade: ForeignTrade;
  readonly connection: Connection;
  readonly onSaved: () => void;
}

export function SaveEvidence({ trade, connection, onSaved }: SaveEvidenceProps) {
  const say = useSay();
  const { busy, error, run } = useDeed(async () => {
    const [log, freezes, orders, activity] = await Promise.all([
      ask('getLogHead', {}),
      ask('listFreezes', {}),
      ask('listOrders', { query: { limit: ORDERS_MAX } }),
      ask('listActivity', { query: { limit: ORDERS_MAX } }),
    ]);
    save(`counterfoil-${trade.symbol}-${trade.at.slice(0, 10)}.json`, {
      madeAt: new Date().toISOString(),
      claim:
        'No sign leaf of this connection in this log explains the trade. Verify: npx counterfoil verify history',
      trade,
      connection,
      log,
      freezes: freezes.items,
      orders: orders.items.filter((order) => order.connection === connection.id),
      activity: activity.items,
    });
    onSaved();
  });
  return (
    <>
      <Button className="min-h-11" busy={busy} onClick={run}>
        {say('notMe.evidence.save')}
      </Button>
      {error !== null && <Refused error={error} />}
    </>
  );
}

function save(name: string, content: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the file in its own time.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
