/** A fill beside the chart: what happened, why, and its receipt, checked in this browser. */
import type { Fill } from '@counterfoil/api';
import { useAnswer } from '../../app/queries.ts';
import { useSay } from '../../app/messages.ts';
import { grouped } from '../../parts/figures.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/shown.tsx';
import { Time } from '../../parts/time.tsx';
import { ReceiptView } from '../../receipts/receipt-view.tsx';

export function FillPanel({ fill, onClose }: { readonly fill: Fill | null; readonly onClose: () => void }) {
  const say = useSay();
  return (
    <Panel title={say('fill.title')} open={fill !== null} onClose={onClose}>
      {fill !== null && <FillContent fill={fill} />}
    </Panel>
  );
}

function FillContent({ fill }: { readonly fill: Fill }) {
  const say = useSay();
  const order = useAnswer('getOrder', { params: { order: fill.order } });
  return (
    <div className="flex flex-col gap-4">
      <p className="text-lg">
        {say('fill.sentence', {
          side: fill.side,
          quantity: fill.quantity,
          price: grouped(fill.price),
          symbol: fill.symbol,
        })}
      </p>
      <p className="text-sm text-muted">
        <Time at={fill.at} /> · {say('order.fee')} {fill.fee} {fill.feeAsset}
      </p>
      <Shown answer={order}>
        {(found) => (
          <>
            {found.reason !== null && <p>{say('fill.because', { reason: found.reason })}</p>}
            {found.hasReceipt ? <ReceiptView order={found.id} /> : <p>{say('receipt.missing')}</p>}
          </>
        )}
      </Shown>
    </div>
  );
}
