/** What an answer about one order says of it, as the gate itself reads it: no limit is built on the builder's word. */
import type { Decimal } from '@counterfoil/vocabulary';
import type { Manifest } from './manifest.ts';
import { decimalAt, parseJson, valueAt } from './pointer.ts';
import type { VenueAnswer } from './venue-client.ts';

export interface OrderRead {
  readonly filled: Decimal | null;
  readonly filledAmount: Decimal | null;
  readonly stands: 'open' | 'closed' | null;
}

const NOTHING: OrderRead = { filled: null, filledAmount: null, stands: null };

/** All of it or nothing: an order that is closed with a fill that nobody knows would fall out of the count. */
export function readOrder(
  { orderAnswer }: Pick<Manifest, 'orderAnswer'>,
  answer: VenueAnswer | null,
): OrderRead {
  if (answer === null) return NOTHING;
  try {
    const json = parseJson(answer.body);
    const filled = decimalAt(json, orderAnswer.filled);
    const filledAmount = decimalAt(json, orderAnswer.filledAmount);
    const state = valueAt(json, orderAnswer.state);
    const isClosed = orderAnswer.closed.some((word) => word === state);
    return { filled, filledAmount, stands: isClosed ? 'closed' : 'open' };
  } catch {
    return NOTHING;
  }
}
