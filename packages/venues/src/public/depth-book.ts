import type { DepthRow, DepthSnapshot, DepthUpdate } from './binance-frames.ts';

/**
 * How an update was taken. `early`: kept until the snapshot comes. `gap`: updates are missing, the book is void
 * until the next snapshot.
 */
export type Applied = 'applied' | 'old' | 'early' | 'gap';

/** Updates kept while a snapshot is on its way: 100 seconds of the fastest stream. */
const EARLY_MAX = 1_000;

/**
 * A copy of an exchange's book, kept by the rules of the exchange's manual: collect updates, start from a
 * snapshot, drop the updates it already contains, and never skip one.
 */
export class DepthBook {
  readonly #bids = new Side((left, right) => left > right);
  readonly #asks = new Side((left, right) => left < right);
  #lastUpdateId = -1;
  #early: DepthUpdate[] = [];

  /** -1 while there is no book. */
  get lastUpdateId(): number {
    return this.#lastUpdateId;
  }

  /**
   * `limit` is the number of levels that the snapshot was asked for: a side that is as long as that goes on
   * beyond what it told.
   */
  load(snapshot: DepthSnapshot, limit: number): void {
    this.#bids.load(snapshot.bids, limit);
    this.#asks.load(snapshot.asks, limit);
    this.#lastUpdateId = snapshot.lastUpdateId;
    const early = this.#early;
    this.#early = [];
    for (const update of early) this.apply(update);
  }

  apply(update: DepthUpdate): Applied {
    if (this.#lastUpdateId < 0) {
      this.#early.push(update);
      if (this.#early.length > EARLY_MAX) this.#early.shift();
      return 'early';
    }
    if (update.lastUpdateId <= this.#lastUpdateId) return 'old';
    if (update.firstUpdateId > this.#lastUpdateId + 1) {
      this.#lastUpdateId = -1;
      return 'gap';
    }
    for (const row of update.bids) this.#bids.set(row);
    for (const row of update.asks) this.#asks.set(row);
    this.#lastUpdateId = update.lastUpdateId;
    return 'applied';
  }

  /**
   * Best level of a side; `undefined` when it is empty, and when the market has moved past the last level of
   * the snapshot: there may be older levels in between that nobody told of.
   */
  bestBid(): DepthRow | undefined {
    return this.#bids.best();
  }

  bestAsk(): DepthRow | undefined {
    return this.#asks.best();
  }

  /** At most `limit` levels of a side that are surely there, best first. */
  bids(limit: number): DepthRow[] {
    return this.#bids.levels(limit);
  }

  asks(limit: number): DepthRow[] {
    return this.#asks.levels(limit);
  }
}

/** Levels of one side: quantities by price, and the prices in order with the best one last. */
class Side {
  readonly #quantities = new Map<bigint, bigint>();
  readonly #prices: bigint[] = [];
  /** The worst price the snapshot told of; `null` when it told of all. */
  #horizon: bigint | null = null;
  readonly #isBetter: (left: bigint, right: bigint) => boolean;

  constructor(isBetter: (left: bigint, right: bigint) => boolean) {
    this.#isBetter = isBetter;
  }

  set([price, quantity]: DepthRow): void {
    if (quantity > 0n) {
      if (!this.#quantities.has(price)) this.#prices.splice(this.#position(price), 0, price);
      this.#quantities.set(price, quantity);
    } else if (this.#quantities.delete(price)) {
      this.#prices.splice(this.#position(price), 1);
    }
  }

  best(): DepthRow | undefined {
    return this.levels(1)[0];
  }

  levels(limit: number): DepthRow[] {
    const rows: DepthRow[] = [];
    for (let index = this.#prices.length - 1; index >= 0 && rows.length < limit; index--) {
      const price = this.#prices[index];
      if (price === undefined || (this.#horizon !== null && this.#isBetter(this.#horizon, price))) break;
      rows.push([price, this.#quantities.get(price) ?? 0n]);
    }
    return rows;
  }

  load(rows: readonly DepthRow[], limit: number): void {
    this.#quantities.clear();
    this.#prices.length = 0;
    for (const row of rows) this.set(row);
    this.#horizon = rows.length < limit ? null : (this.#prices[0] ?? null);
  }

  /** First index whose price is not worse. */
  #position(price: bigint): number {
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#prices[middle];
      if (other !== undefined && this.#isBetter(price, other)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
