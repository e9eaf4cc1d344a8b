import type { CommandOf, OrderRequest } from '../src/paper/core/commands.ts';

/**
 * The rules of the exchange once more, as simply as they can be written: one array of orders, scanned from end
 * to end, amounts in units, no queues, no levels, no running locks. Slow, and independent of the real one.
 */
interface SimpleOrder {
  readonly id: number;
  readonly request: OrderRequest;
  remaining: bigint;
  spentQuote: bigint;
  /** Where it fires; moves while it trails, 0n before that. */
  stop: bigint;
  /** Best price since it trails; 0n before that. */
  extreme: bigint;
  /** The last price when it was placed: what an order locks for that has neither limit nor stop yet. */
  readonly lastWhenPlaced: bigint;
  /** The other order of its list, while either may still win. */
  sibling: number;
  /** Rank among equals: set when the order begins to work. */
  rank: number;
  isWorking: boolean;
}

export type TimePriority = 'oldest first' | 'newest first';

const ONE = 100_000_000n;
const FEE_BIPS = 10n;
const BIPS = 10_000n;
const TICK = 1_000_000n;

export class SimpleExchange {
  readonly orders: SimpleOrder[] = [];
  /** Whole balances by `account asset`. */
  readonly totals = new Map<string, bigint>();
  last: bigint;
  readonly #priority: TimePriority;
  #rank = 0;

  constructor(last: bigint, priority: TimePriority) {
    this.last = last;
    this.#priority = priority;
  }

  add(account: number, asset: string, units: bigint): void {
    const key = `${account} ${asset}`;
    this.totals.set(key, (this.totals.get(key) ?? 0n) + units);
  }

  cancel(id: number): void {
    const index = this.orders.findIndex((order) => order.id === id);
    if (index < 0) return;
    const [gone] = this.orders.splice(index, 1);
    if (gone !== undefined && gone.sibling !== 0) this.cancel(gone.sibling);
  }

  /** Both orders of a list; `firstId` is that of the upper one. */
  placeList(firstId: number, { above, below }: CommandOf<'place-list'>): void {
    const legs = [this.#add(firstId, above, firstId + 1), this.#add(firstId + 1, below, firstId)];
    for (const leg of legs) if (leg.isWorking) this.#work(leg);
  }

  /** Carries out an order that the real exchange accepted. */
  place(id: number, request: OrderRequest): void {
    const order = this.#add(id, request, 0);
    if (order.isWorking) this.#settle(this.#work(order));
  }

  #add(id: number, request: OrderRequest, sibling: number): SimpleOrder {
    const isTrailing = request.trailingBips > 0;
    const order: SimpleOrder = {
      id,
      request,
      remaining: request.quantityUnits,
      spentQuote: 0n,
      stop: request.stopPriceUnits,
      extreme: isTrailing && request.stopPriceUnits === 0n ? this.last : 0n,
      lastWhenPlaced: this.last,
      sibling,
      rank: 0,
      isWorking: request.stopPriceUnits === 0n && !isTrailing,
    };
    this.orders.push(order);
    return order;
  }

  /** Fires stops for each traded price in turn. */
  #settle(prices: bigint[]): void {
    for (let index = 0; index < prices.length; index++) {
      const price = prices[index] ?? 0n;
      this.#trail(price);
      for (let stop = this.#reached(price); stop !== undefined; stop = this.#reached(price)) {
        this.#win(stop);
        stop.isWorking = true;
        prices.push(...this.#work(stop));
      }
    }
  }

  /** Stops above the price fire lowest first, then those below highest first; equals in order of arrival. */
  #reached(price: bigint): SimpleOrder | undefined {
    const reached = this.orders.filter(
      (order) =>
        !order.isWorking &&
        (order.request.trailingBips === 0 || order.extreme > 0n) &&
        (firesAbove(order.request) ? price >= order.stop : price <= order.stop),
    );
    const fixed = reached.filter((order) => order.request.trailingBips === 0);
    const above = fixed.filter((order) => firesAbove(order.request));
    const below = fixed.filter((order) => !firesAbove(order.request));
    above.sort((left, right) => compare(left.stop, right.stop) || left.id - right.id);
    below.sort((left, right) => compare(right.stop, left.stop) || left.id - right.id);
    // Trailing orders come last, in the order in which they came.
    return above[0] ?? below[0] ?? reached[0];
  }

  /** Trailing orders follow the price away from where they fire, once it was at their stop price if they have one. */
  #trail(price: bigint): void {
    for (const order of this.orders) {
      const { request } = order;
      if (order.isWorking || request.trailingBips === 0) continue;
      const above = firesAbove(request);
      if (order.extreme === 0n && (above ? price >= order.stop : price <= order.stop)) order.extreme = price;
      if (order.extreme === 0n) continue;
      if (above ? price < order.extreme : price > order.extreme) order.extreme = price;
      const bips = BigInt(request.trailingBips);
      const ticks = order.extreme / TICK;
      order.stop = TICK * (above ? ceiling(ticks * (BIPS + bips), BIPS) : (ticks * (BIPS - bips)) / BIPS);
    }
  }

  /** Once one order of a list trades or fires, the other is gone. */
  #win(order: SimpleOrder): void {
    const { sibling } = order;
    order.sibling = 0;
    const other = this.orders.find(({ id }) => id === sibling);
    if (other === undefined) return;
    other.sibling = 0;
    this.cancel(other.id);
  }

  /** Lets an order trade and returns the prices at which it did. */
  #work(taker: SimpleOrder): bigint[] {
    const { request } = taker;
    const prices: bigint[] = [];
    this.#rank += 1;
    taker.rank = this.#priority === 'oldest first' ? this.#rank : -this.#rank;
    const isMarket = request.priceUnits === 0n;
    if (request.timeInForce === 'FOK') {
      const offered = this.#makers(taker).reduce((sum, maker) => sum + maker.remaining, 0n);
      if (offered < taker.remaining) return this.#drop(taker, prices);
    }
    for (;;) {
      const maker = this.#makers(taker)[0];
      if (maker === undefined) break;
      if (maker.request.account === request.account && request.selfTradePrevention !== 'NONE') {
        if (request.selfTradePrevention !== 'EXPIRE_TAKER') this.cancel(maker.id);
        if (request.selfTradePrevention === 'EXPIRE_MAKER') continue;
        return this.#drop(taker, prices);
      }
      this.#win(maker);
      const price = maker.request.priceUnits;
      const lotCost = (price * 1_000n) / ONE;
      const wanted =
        request.quoteOrderUnits > 0n
          ? ((request.quoteOrderUnits - taker.spentQuote) / lotCost) * 1_000n
          : taker.remaining;
      const quantity = wanted < maker.remaining ? wanted : maker.remaining;
      const quote = (price * quantity) / ONE;
      if (quantity === 0n || (isMarket && !this.#affords(taker, quote, quantity))) break;
      this.#exchange(maker, price, quantity, quote);
      this.#exchange(taker, price, quantity, quote);
      this.last = price;
      prices.push(price);
      if (maker.remaining === 0n) this.cancel(maker.id);
      const isDone =
        request.quoteOrderUnits > 0n
          ? request.quoteOrderUnits - taker.spentQuote < lotCost
          : taker.remaining === 0n;
      if (isDone) return this.#drop(taker, prices);
    }
    return isMarket || request.timeInForce !== 'GTC' ? this.#drop(taker, prices) : prices;
  }

  #drop(order: SimpleOrder, prices: bigint[]): bigint[] {
    this.cancel(order.id);
    return prices;
  }

  /** Working orders of the other side within the limit: best price first, then the oldest. */
  #makers(taker: SimpleOrder): SimpleOrder[] {
    const { side, priceUnits } = taker.request;
    const sign = side === 'BUY' ? 1 : -1;
    return this.orders
      .filter((order) => order !== taker && order.isWorking && order.request.side !== side)
      .filter((order) => priceUnits === 0n || sign * compare(order.request.priceUnits, priceUnits) <= 0)
      .sort(
        (left, right) =>
          sign * compare(left.request.priceUnits, right.request.priceUnits) || left.rank - right.rank,
      );
  }

  /** Whether an order without a limit can pay, from what other open orders of its account have not locked. */
  #affords(taker: SimpleOrder, quote: bigint, quantity: bigint): boolean {
    const { account, side } = taker.request;
    const asset = side === 'BUY' ? 'USDT' : 'BTC';
    let free = this.totals.get(`${account} ${asset}`) ?? 0n;
    for (const order of this.orders) {
      if (order === taker || order.request.account !== account || order.request.side !== side) continue;
      const other = this.orders.find(({ id }) => id === order.sibling);
      // Of a list the needier order's lock stands for both: it is counted with the upper one.
      if (other === undefined) free -= lockOf(order);
      else if (order.id < other.id) free -= lockOf(order) > lockOf(other) ? lockOf(order) : lockOf(other);
    }
    return free >= (side === 'BUY' ? quote : quantity);
  }

  #exchange(order: SimpleOrder, _price: bigint, quantity: bigint, quote: bigint): void {
    const { account, side, quoteOrderUnits } = order.request;
    if (quoteOrderUnits === 0n) order.remaining -= quantity;
    order.spentQuote += quote;
    const received = side === 'BUY' ? quantity : quote;
    const fee = (received * FEE_BIPS) / 10_000n;
    this.add(account, side === 'BUY' ? 'BTC' : 'USDT', received - fee);
    this.add(account, side === 'BUY' ? 'USDT' : 'BTC', -(side === 'BUY' ? quote : quantity));
  }
}

function firesAbove(request: OrderRequest): boolean {
  return request.type.startsWith('STOP_LOSS') === (request.side === 'BUY');
}

/** What a waiting order keeps back, in what it would spend. */
function lockOf({ request, remaining, lastWhenPlaced }: SimpleOrder): bigint {
  if (request.side === 'SELL') return remaining;
  return ((request.priceUnits || request.stopPriceUnits || lastWhenPlaced) * remaining) / ONE;
}

function ceiling(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
