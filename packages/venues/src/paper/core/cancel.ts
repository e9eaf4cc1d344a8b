import type { Account } from './account.ts';
import { closeOrder } from './close.ts';
import type { OrderReference } from './commands.ts';
import { isOpen, type Order } from './order.ts';
import { accepted, refusals, refused, type Outcome } from './refusals.ts';
import type { ExchangeState } from './state.ts';

/** The kept order that a reference names on one market, open or final. */
export function findOrder(account: Account, symbol: string, reference: OrderReference): Order | undefined {
  const order =
    reference.kind === 'id'
      ? account.orders.get(reference.orderId)
      : account.orders.byClientId(symbol, reference.clientOrderId);
  return order?.symbol === symbol ? order : undefined;
}

export function cancelOrder(
  state: ExchangeState,
  accountId: number,
  symbol: string,
  reference: OrderReference,
  at: number,
): Outcome<Readonly<Order>> {
  const market = state.markets.get(symbol);
  if (market === undefined) return refused(refusals.badSymbol);
  const order = findOrder(state.account(accountId), symbol, reference);
  if (order === undefined || !isOpen(order)) return refused(refusals.unknownOrder);
  closeOrder(state, market, order, 'CANCELED', at);
  return accepted(order);
}

/** Cancels every open order of an account on one market; refused when there is none, as on the wire. */
export function cancelAll(
  state: ExchangeState,
  accountId: number,
  symbol: string,
  at: number,
): Outcome<readonly Readonly<Order>[]> {
  const market = state.markets.get(symbol);
  if (market === undefined) return refused(refusals.badSymbol);
  const open = state
    .account(accountId)
    .open.values()
    .filter((order) => order.symbol === symbol);
  if (open.length === 0) return refused(refusals.unknownOrder);
  // Closing one leg of a list closes the other, which is told once.
  for (const order of open) if (isOpen(order)) closeOrder(state, market, order, 'CANCELED', at);
  return accepted(open);
}
