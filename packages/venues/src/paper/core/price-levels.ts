import assert from 'node:assert/strict';
import { SortedLevels } from './sorted-levels.ts';

/** All orders waiting at one price, oldest first. */
export interface Level<T> {
  readonly ticks: number;
  /** Sum of the open lots of the orders in the queue. */
  lots: number;
  first: T | null;
  last: T | null;
  /** The round of notes (`market.ts`) in which a change of the level was noted last. */
  notedIn: number;
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
 */
export class PriceLevels<T extends Queued<T>> {
  readonly #sign: 1 | -1;
  /** By ticks times sign, so that the best level is the last. */
  readonly #levels = new SortedLevels<Level<T>>();

  constructor(bestIs: BestIs) {
    this.#sign = bestIs === 'highest' ? 1 : -1;
  }

  /** The best level, or `undefined` on an empty side. */
  best(): Level<T> | undefined {
    return this.#levels.last();
  }

  at(ticks: number): Level<T> | undefined {
    return this.#levels.get(ticks * this.#sign);
  }

  /** Levels from the best outwards. */
  fromBest(): Generator<Level<T>> {
    return this.#levels.fromLast();
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

  /** Puts an order last in the queue at `ticks`; returns its level. */
  add(order: T, ticks: number): Level<T> {
    assert(order.level === null, 'an order waits in one queue at a time');
    const level = this.#levels.getOrAdd(ticks * this.#sign, () => ({
      ticks,
      lots: 0,
      first: null,
      last: null,
      notedIn: 0,
    }));
    order.level = level;
    order.previous = level.last;
    order.next = null;
    if (level.last === null) level.first = order;
    else level.last.next = order;
    level.last = order;
    level.lots += order.openLots;
    return level;
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
    if (level.first === null) this.#levels.remove(level.ticks * this.#sign);
  }
}
