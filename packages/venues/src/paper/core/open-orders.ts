import type { Order } from './order.ts';

/**
 * The open orders of one account, oldest first, linked through the orders themselves: one that opens or closes
 * costs four stores, where a map would grow and shrink with every order.
 */
export class OpenOrders {
  #oldest: Order | null = null;
  #newest: Order | null = null;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(order: Order): boolean {
    return order.olderOpen !== null || this.#oldest === order;
  }

  add(order: Order): void {
    order.olderOpen = this.#newest;
    if (this.#newest === null) this.#oldest = order;
    else this.#newest.newerOpen = order;
    this.#newest = order;
    this.#size += 1;
  }

  /** False when the order was not among the open ones. */
  delete(order: Order): boolean {
    if (!this.has(order)) return false;
    if (order.olderOpen === null) this.#oldest = order.newerOpen;
    else order.olderOpen.newerOpen = order.newerOpen;
    if (order.newerOpen === null) this.#newest = order.olderOpen;
    else order.newerOpen.olderOpen = order.olderOpen;
    order.olderOpen = null;
    order.newerOpen = null;
    this.#size -= 1;
    return true;
  }

  /** As they are now: closing some while going through them changes nothing in the list. */
  values(): Order[] {
    const orders: Order[] = [];
    for (let order = this.#oldest; order !== null; order = order.newerOpen) orders.push(order);
    return orders;
  }
}
