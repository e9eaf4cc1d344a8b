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

/** Large enough for few blocks, small enough that moving half of one costs less than a cache miss or two. */
const BLOCK_LEVELS_MAX = 256;

/** `highest`: the largest price is best (bids). `lowest`: the smallest price is best (asks). */
export type BestIs = 'highest' | 'lowest';

/**
 * One side of a book: price levels in order, each a first-in-first-out queue.
 *
 * Prices and quantities are counts of ticks and lots: safe integers, checked where they enter (`market.ts`).
 * Levels lie in sorted blocks, the best level last in the last block. The common work (look at, take from and
 * add near the best price) is a push or a pop; anywhere else it moves one block's tail. In one flat
 * array those moves were a quarter of the core's time on a book of 14,000 levels.
 */
export class PriceLevels<T extends Queued<T>> {
  readonly #sign: 1 | -1;
  /** Never empty blocks, worst first; levels inside a block worst first. */
  readonly #blocks: Level<T>[][] = [];
  readonly #byTicks = new Map<number, Level<T>>();

  constructor(bestIs: BestIs) {
    this.#sign = bestIs === 'highest' ? 1 : -1;
  }

  /** The best level, or `undefined` on an empty side. */
  best(): Level<T> | undefined {
    const block = this.#blocks[this.#blocks.length - 1];
    return block === undefined ? undefined : block[block.length - 1];
  }

  at(ticks: number): Level<T> | undefined {
    return this.#byTicks.get(ticks);
  }

  /** Levels from the best outwards. */
  *fromBest(): Generator<Level<T>> {
    for (let outer = this.#blocks.length - 1; outer >= 0; outer--) {
      const block = this.#blocks[outer] ?? [];
      for (let index = block.length - 1; index >= 0; index--) {
        const level = block[index];
        if (level !== undefined) yield level;
      }
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
    const outer = this.#blockOf(level.ticks);
    const block = this.#blocks[outer];
    if (block === undefined) {
      this.#blocks.push([level]);
      return;
    }
    block.splice(this.#position(block, level.ticks), 0, level);
    if (block.length > BLOCK_LEVELS_MAX)
      this.#blocks.splice(outer + 1, 0, block.splice(BLOCK_LEVELS_MAX / 2));
  }

  #drop(level: Level<T>): void {
    this.#byTicks.delete(level.ticks);
    const outer = this.#blockOf(level.ticks);
    const block = this.#blocks[outer];
    assert(block !== undefined, 'a level lies in a block');
    block.splice(this.#position(block, level.ticks), 1);
    if (block.length === 0) this.#blocks.splice(outer, 1);
  }

  /** Index of the first block that reaches a price; the last block for a price better than all. */
  #blockOf(ticks: number): number {
    const key = ticks * this.#sign;
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = this.#blocks[middle];
      const last = block?.[block.length - 1];
      if (last !== undefined && last.ticks * this.#sign < key) low = middle + 1;
      else high = middle;
    }
    return Math.max(0, low);
  }

  /** First index in a block whose level is not worse than `ticks`. */
  #position(block: readonly Level<T>[], ticks: number): number {
    const key = ticks * this.#sign;
    let low = 0;
    let high = block.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const level = block[middle];
      if (level !== undefined && level.ticks * this.#sign < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
