import { OrderBook, Side } from 'nodejs-order-book';
import { orderName, type Prepared, type Step } from './flow.ts';

const LOTS_PER_ONE = 100_000;

/** The same flow on npm `nodejs-order-book`: a book alone, without accounts, filters or fees. */
export function preparePeer(flow: readonly Step[]): Prepared {
  const book = new OrderBook();
  const orders = flow.map((step, index) => {
    if (step.kind === 'cancel') return { kind: 'cancel', id: orderName(step.step) } as const;
    const side = step.isBuy ? Side.BUY : Side.SELL;
    const size = step.lots / LOTS_PER_ONE;
    return step.kind === 'market'
      ? ({ kind: 'market', order: { side, size } } as const)
      : ({ kind: 'limit', order: { side, size, price: step.cents / 100, id: orderName(index) } } as const);
  });
  return {
    run() {
      for (const step of orders) {
        if (step.kind === 'cancel') book.cancel(step.id);
        else if (step.kind === 'market') book.market(step.order);
        else book.limit(step.order);
      }
    },
    book() {
      const [asks, bids] = book.depth();
      return [bids, asks].flatMap((side) => {
        const size = side.reduce((sum, [, more]) => sum + more, 0);
        return [side.length, Math.round(size * LOTS_PER_ONE)];
      });
    },
  };
}
