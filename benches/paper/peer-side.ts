import { OrderBook, Side } from 'nodejs-order-book';
import { orderName, type Step } from './flow.ts';

/** The same flow on npm `nodejs-order-book`: a book alone, without accounts, filters or fees. Returns what runs it. */
export function preparePeer(flow: readonly Step[]): () => void {
  const book = new OrderBook();
  const orders = flow.map((step, index) => {
    if (step.kind === 'cancel') return { kind: 'cancel', id: orderName(step.step) } as const;
    const side = step.isBuy ? Side.BUY : Side.SELL;
    const size = step.lots / 100_000;
    return step.kind === 'market'
      ? ({ kind: 'market', order: { side, size } } as const)
      : ({ kind: 'limit', order: { side, size, price: step.cents / 100, id: orderName(index) } } as const);
  });
  return () => {
    for (const step of orders) {
      if (step.kind === 'cancel') book.cancel(step.id);
      else if (step.kind === 'market') book.market(step.order);
      else book.limit(step.order);
    }
  };
}
