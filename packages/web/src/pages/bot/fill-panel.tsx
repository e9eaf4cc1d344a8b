/** A fill beside the chart: what happened, why, and its receipt, checked in this browser. */
import type { Fill } from '@counterfoil/api';
import { Suspense, lazy } from 'react';
import { useAnswer } from '../../app/queries.ts';
import { useTold } from '../../app/told.ts';
import { useSay } from '../../app/messages.ts';
import { grouped } from '../../parts/decimal-text.ts';
import { Panel } from '../../parts/panel.tsx';
import { Shown } from '../../parts/shown.tsx';
import { Loading } from '../../parts/states.tsx';
import { Time } from '../../parts/time.tsx';

/** Its checks bring the log's library along, which no fill needs before it is opened. */
const ReceiptView = lazy(() =>
  import('../../receipts/receipt-view.tsx').then(({ ReceiptView: view }) => ({ default: view })),
);

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
  const told = useTold();
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
            {found.reason !== null && (
              <p>
                {say('fill.because', {
                  reason: told({ sentence: found.reason, said: found.reasonSaid }).text,
                })}
              </p>
            )}
            {found.hasReceipt ? (
              <Suspense fallback={<Loading />}>
                <ReceiptView order={found.id} />
              </Suspense>
            ) : (
              <p>{say('receipt.missing')}</p>
            )}
          </>
        )}
      </Shown>
    </div>
  );
}
