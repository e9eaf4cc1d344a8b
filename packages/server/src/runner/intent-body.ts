/** A machine's intents as the ledger journals them and the vault is asked them. */
import type { Market, OrderIntent } from '@counterfoil/vocabulary';
import type { AppendedIntent } from '../ledger/append.ts';
import type { OrderBody } from '../worker/order-body.ts';
import type { TrackedOrder } from './tracked-order.ts';

/**
 * The intent under `seq`, with the order that it is about; null for the cancel of an order that is not `known`.
 * Throws where a machine asks for what the vault has no word for, which is a defect of the machine.
 */
export function appendedIntent(
  intent: OrderIntent,
  seq: number,
  markets: readonly Market[],
  connection: string,
  known: TrackedOrder | undefined,
): { readonly appended: AppendedIntent; readonly order: TrackedOrder } | null {
  if (intent.kind === 'cancel') {
    if (known === undefined) return null;
    const body = { method: 'cancel', of: known.seq } as const;
    return { appended: { seq, connection, order: intent.order, body }, order: known };
  }
  const market = markets[intent.market];
  if (market === undefined)
    throw new Error(`order ${intent.order} is on market ${intent.market}, which the bot lacks`);
  const body = orderBodyOf(market, intent.request);
  const order: TrackedOrder = {
    name: intent.order,
    seq,
    market: intent.market,
    symbol: market.symbol,
    side: intent.request.side,
    price: intent.request.price,
    body,
    journalledAtMs: Date.now(),
    state: 'sent',
    clientOrderId: null,
    venueOrderId: null,
    cancelSeq: null,
    isAsked: false,
  };
  return {
    appended: { seq, connection, order: intent.order, body: { method: 'create', order: body } },
    order,
  };
}

function orderBodyOf(market: Market, request: Extract<OrderIntent, { kind: 'place' }>['request']): OrderBody {
  const { type, sizing, price, side } = request;
  if (type !== 'limit' && type !== 'market')
    throw new Error(`machines place limit and market orders, not ${type}`);
  return {
    symbol: market.symbol,
    side,
    type,
    amount:
      sizing.by === 'base'
        ? { units: sizing.quantity, scale: market.quantityScale }
        : { units: sizing.amount, scale: market.quoteScale },
    sizedBy: sizing.by,
    price: price === null ? null : { units: price, scale: market.priceScale },
    timeInForce: type === 'limit' ? 'gtc' : null,
  };
}
