import { ownSide, noteChange, type Market } from './market.ts';
import type { Account } from './account.ts';
import type { Order, OrderStatus } from './order.ts';
import type { ExchangeState, Execution } from './state.ts';

const EXECUTION: Record<Exclude<OrderStatus, 'NEW' | 'PARTIALLY_FILLED'>, Execution> = {
  FILLED: 'TRADE',
  CANCELED: 'CANCELED',
  EXPIRED: 'EXPIRED',
  EXPIRED_IN_MATCH: 'TRADE_PREVENTION',
};

/** The asset an order spends, and so the one that is locked for it. */
export function spentAsset(market: Market, side: Order['side']): string {
  return side === 'BUY' ? market.spec.quoteAsset : market.spec.baseAsset;
}

/** Ends an order: takes it out of its queue, gives its lock back and reports it. */
export function closeOrder(
  state: ExchangeState,
  market: Market,
  order: Order,
  status: keyof typeof EXECUTION,
  at: number,
): void {
  leaveQueue(market, order);
  const account = state.account(order.account);
  account.unlock(spentAsset(market, order.side), order.lockedUnits);
  order.lockedUnits = 0n;
  order.status = status;
  order.updatedAt = at;
  account.updatedAt = at;
  account.settled(order);
  // The trade that filled an order has reported it already.
  if (status !== 'FILLED') state.report(EXECUTION[status], order, at);
  if (order.listId !== -1) settleList(state, market, account, order, at);
}

/** The open sibling of an order, if it belongs to a list and still has one. */
export function openSibling(account: Account, order: Order): Order | undefined {
  const id = account.lists.get(order.listId)?.orderIds.find((candidate) => candidate !== order.id);
  return id === undefined ? undefined : account.openOrder(id);
}

/** After an order of a list ended: without a winner its sibling ends with it, and then the list is done. */
function settleList(state: ExchangeState, market: Market, account: Account, order: Order, at: number): void {
  const list = account.lists.get(order.listId);
  if (list === undefined) return;
  const sibling = openSibling(account, order);
  if (sibling !== undefined) {
    // The winner goes on alone; it settles the list when it ends.
    if (list.winnerId === -1) {
      closeOrder(state, market, sibling, order.status === 'CANCELED' ? 'CANCELED' : 'EXPIRED', at);
    }
    return;
  }
  list.isDone = true;
  list.updatedAt = at;
  state.emit({ kind: 'list', list: { ...list }, at });
}

/** Takes a waiting order out of the book or out of the armed stops; a no-op for one that waits nowhere. */
export function leaveQueue(market: Market, order: Order): void {
  market.trailing.delete(order);
  if (order.level === null) return;
  if (order.isWorking) {
    noteChange(market, order.side, order.level);
    ownSide(market, order.side).remove(order);
  } else {
    (firesAbove(order) ? market.armedAbove : market.armedBelow).remove(order);
  }
}

/** True for stops that fire when the price rises to them. */
export function firesAbove(order: Pick<Order, 'side' | 'type'>): boolean {
  return order.type.startsWith('STOP_LOSS') === (order.side === 'BUY');
}
