import { closeOrder, openSibling } from './close.ts';
import type { Market } from './market.ts';
import type { Order } from './order.ts';
import type { ExchangeState } from './state.ts';

/**
 * Lets one order of a list trade: its sibling expires and leaves it the lock. Both legs share one lock, as
 * large as the needier leg's, because only one of them can ever spend it.
 */
export function winList(
  state: ExchangeState,
  market: Market,
  order: Order,
  neededUnits: bigint,
  at: number,
): void {
  if (order.listId === -1) return;
  const account = state.account(order.account);
  const list = account.lists.get(order.listId);
  const sibling = openSibling(account, order);
  if (list === undefined || list.winnerId !== -1 || sibling === undefined) return;
  list.winnerId = order.id;
  const sharedUnits = order.lockedUnits + sibling.lockedUnits;
  order.lockedUnits = neededUnits < sharedUnits ? neededUnits : sharedUnits;
  sibling.lockedUnits = sharedUnits - order.lockedUnits;
  closeOrder(state, market, sibling, 'EXPIRED', at);
}
