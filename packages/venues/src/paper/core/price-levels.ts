import assert from 'node:assert/strict';

/** All orders waiting at one price, oldest first. */
export interface Level<T> {
  readonly ticks: number;
  /** Sum of the open lots of the orders in the queue. */
  lots: number;
  first: T | null;
  last: T | null;
}

/** The links that put an order into one level's queue; an order waits in at most one queue at a time. */
export interface Queued<T> {
  openLots: number;
  level: Level<T> | null;
  previous: T | null;
  next: T | null;
}

/** `highest`: the largest price is best (bids). `lowest`: the smallest price is best (asks). */
export type BestIs = 'highest' | 'lowest';

/**
 * One side of a book: price levels in order, each a first-in-first-out queue.
 *
 * Prices and quantities are counts of ticks and lots: safe integers, checked where they enter (`market.ts`).
 * A sorted array with the best level last makes the common work (look at, take from and add near the best
 * price) a push or a pop; a level far from the best costs one move of the array's tail.
 */
export class PriceLevels<T extends Queued<T>> {
  readonly #sign: 1 | -1;
  readonly #sorted: Level<T>[] = [];
  readonly #byTicks = new Map<number, Level<T>>();

  constructor(bestIs: BestIs) {
    this.#sign = bestIs === 'highest' ? 1 : -1;
  }

  /** The best level, or `undefined` on an empty side. */
  best(): Level<T> | undefined {
    return this.#sorted[this.#sorted.length - 1];
  }

  at(ticks: number): Level<T> | undefined {
    return this.#byTicks.get(ticks);
  }

  get size(): number {
    return this.#sorted.length;
  }

  /** Levels from the best outwards. */
  *fromBest(): Generator<Level<T>> {
    for (let index = this.#sorted.length - 1; index >= 0; index--) {
      const level = this.#sorted[index];
      if (level !== undefined) yield level;
    }
  }

  /** Orders in the order in which they would be filled. */
  *orders(): Generator<T> {
    for (const level of this.fromBest()) {
      for (let order = level.first; order !== null; order = order.next) yield order;
    }
  }

  /** True when `ticks` is at least as good as `limit` for someone taking from this side. */
  reaches(ticks: number, limit: number): boolean {
    return (ticks - limit) * this.#sign >= 0;
  }

  /** Puts an order last in the queue at `ticks`. */
  add(order: T, ticks: number): void {
    assert(order.level === null, 'an order waits in one queue at a time');
    let level = this.#byTicks.get(ticks);
    if (level === undefined) {
      level = { ticks, lots: 0, first: null, last: null };
      this.#byTicks.set(ticks, level);
      this.#insert(level);
    }
    order.level = level;
    order.previous = level.last;
    order.next = null;
    if (level.last === null) level.first = order;
    else level.last.next = order;
    level.last = order;
    level.lots += order.openLots;
  }

  /** Takes lots from an order in place: its time priority stays. The caller removes an emptied order. */
  reduce(order: T, lots: number): void {
    assert(
      order.level !== null && lots <= order.openLots,
      'only a waiting order can be reduced, and not below zero',
    );
    order.openLots -= lots;
    order.level.lots -= lots;
  }

  remove(order: T): void {
    const level = order.level;
    assert(level !== null, 'only a waiting order can be removed');
    if (order.previous === null) level.first = order.next;
    else order.previous.next = order.next;
    if (order.next === null) level.last = order.previous;
    else order.next.previous = order.previous;
    level.lots -= order.openLots;
    order.level = null;
    order.previous = null;
    order.next = null;
    if (level.first === null) this.#drop(level);
  }

  #insert(level: Level<T>): void {
    const index = this.#position(level.ticks);
    if (index === this.#sorted.length) this.#sorted.push(level);
    else this.#sorted.splice(index, 0, level);
  }

  #drop(level: Level<T>): void {
    this.#byTicks.delete(level.ticks);
    const last = this.#sorted.length - 1;
    if (this.#sorted[last] === level) this.#sorted.pop();
    else this.#sorted.splice(this.#position(level.ticks), 1);
  }

  /** First index whose level is not worse than `ticks`. */
  #position(ticks: number): number {
    const key = ticks * this.#sign;
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const level = this.#sorted[middle];
      if (level !== undefined && level.ticks * this.#sign < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
