import assert from 'node:assert/strict';
import { firstAtLeast } from './first-at-least.ts';
import type { Order } from './order.ts';

/** Below this length gaps are not worth closing. */
const GAPS_WORTH_CLOSING = 64;

/**
 * The orders that an account keeps, oldest first, found by id or by client order id.
 *
 * Ids only grow, so the orders lie in one array in order of their ids. Client order ids are found through an open
 * hash table of positions that has each hash beside its position: a new id, the common case, costs one look.
 * Maps from id and from client id to order took a third of the core's time, nearly all of it waiting for memory.
 */
export class KeptOrders {
  /** A forgotten order leaves a gap, until the gaps are closed. */
  #orders: (Order | null)[] = [];
  #ids: number[] = [];
  #size = 0;
  /** Pairs of hash and position + 1; zeros where a slot is free. The latest order of a client id has the slot. */
  #slots = new Int32Array(32);

  get size(): number {
    return this.#size;
  }

  get(id: number): Order | undefined {
    const position = this.#positionOf(id);
    return position < 0 ? undefined : (this.#orders[position] ?? undefined);
  }

  /** The latest kept order of a client order id on one market. */
  byClientId(symbol: string, clientOrderId: string): Order | undefined {
    const slot = this.#slotOf(symbol, clientOrderId, hashOf(clientOrderId));
    const positionAfter = this.#slots[slot + 1] ?? 0;
    return positionAfter === 0 ? undefined : (this.#orders[positionAfter - 1] ?? undefined);
  }

  /** Keeps an order whose id is greater than all before. */
  add(order: Order): void {
    assert(order.id > (this.#ids[this.#ids.length - 1] ?? 0), 'orders are kept in the order of their ids');
    this.#orders.push(order);
    this.#ids.push(order.id);
    this.#size += 1;
    // At most half full, so that a search ends after a step or two.
    if (this.#orders.length * 4 > this.#slots.length) this.#grow();
    this.#enter(order, this.#orders.length);
  }

  forget(order: Order): void {
    const position = this.#positionOf(order.id);
    if (position < 0 || this.#orders[position] !== order) return;
    this.#orders[position] = null;
    this.#size -= 1;
    const { length } = this.#orders;
    if (length > GAPS_WORTH_CLOSING && this.#size * 2 < length) this.#closeGaps();
  }

  /** Oldest first. */
  *values(): Generator<Order> {
    for (const order of this.#orders) if (order !== null) yield order;
  }

  #positionOf(id: number): number {
    const position = firstAtLeast(this.#ids, id);
    return this.#ids[position] === id ? position : -1;
  }

  #closeGaps(): void {
    const kept = [...this.values()];
    this.#orders = kept;
    this.#ids = kept.map((order) => order.id);
    this.#slots.fill(0);
    for (const [index, order] of kept.entries()) this.#enter(order, index + 1);
  }

  /** Moves the pairs as they are: to hash every id anew would mean to look at every order. */
  #grow(): void {
    const old = this.#slots;
    const slots = new Int32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let from = 0; from < old.length; from += 2) {
      const hash = old[from] ?? 0;
      const positionAfter = old[from + 1] ?? 0;
      if (positionAfter === 0) continue;
      let to = (hash << 1) & mask;
      while (slots[to + 1] !== 0) to = (to + 2) & mask;
      slots[to] = hash;
      slots[to + 1] = positionAfter;
    }
    this.#slots = slots;
  }

  #enter(order: Order, positionAfter: number): void {
    const hash = hashOf(order.clientOrderId);
    const slot = this.#slotOf(order.symbol, order.clientOrderId, hash);
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = positionAfter;
  }

  /** The slot of a client order id, or the free one where it would go. */
  #slotOf(symbol: string, clientOrderId: string, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash << 1) & mask; ; slot = (slot + 2) & mask) {
      const positionAfter = slots[slot + 1] ?? 0;
      if (positionAfter === 0) return slot;
      if (slots[slot] !== hash) continue;
      const order = this.#orders[positionAfter - 1];
      if (order?.clientOrderId === clientOrderId && order.symbol === symbol) return slot;
    }
  }
}

/** FNV-1a, mixed once more because the low bits choose the slot. Who crafts ids that collide slows his own account. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash ^ (hash >>> 15);
}
