import type { OrderRequest } from '../src/paper/core/commands.ts';

/**
 * The rules of the exchange once more, as simply as they can be written: one array of orders, scanned from end
 * to end, amounts in units, no queues, no levels, no running locks. Slow, and independent of the real one.
 */
interface SimpleOrder {
  readonly id: number;
  readonly request: OrderRequest;
  remaining: bigint;
  spentQuote: bigint;
  /** Rank among equals: set when the order begins to work. */
  rank: number;
  isWorking: boolean;
}

export type TimePriority = 'oldest first' | 'newest first';

const ONE = 100_000_000n;
const FEE_BIPS = 10n;

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
    if (index >= 0) this.orders.splice(index, 1);
  }

  /** Carries out an order that the real exchange accepted. */
  place(id: number, request: OrderRequest): void {
    const isAlgo = request.stopPriceUnits > 0n;
    const order: SimpleOrder = {
      id,
      request,
      remaining: request.quantityUnits,
      spentQuote: 0n,
      rank: 0,
      isWorking: !isAlgo,
    };
    this.orders.push(order);
    if (!isAlgo) this.#settle(this.#work(order));
  }

  /** Fires stops for each traded price in turn. */
  #settle(prices: bigint[]): void {
    for (let index = 0; index < prices.length; index++) {
      const price = prices[index] ?? 0n;
      for (let stop = this.#reached(price); stop !== undefined; stop = this.#reached(price)) {
        stop.isWorking = true;
        prices.push(...this.#work(stop));
      }
    }
  }

  /** Stops above the price fire lowest first, then those below highest first; equals in order of arrival. */
  #reached(price: bigint): SimpleOrder | undefined {
    const waiting = this.orders.filter((order) => !order.isWorking);
    const above = waiting.filter(
      (order) => firesAbove(order.request) && price >= order.request.stopPriceUnits,
    );
    const below = waiting.filter(
      (order) => !firesAbove(order.request) && price <= order.request.stopPriceUnits,
    );
    above.sort(
      (left, right) =>
        compare(left.request.stopPriceUnits, right.request.stopPriceUnits) || left.id - right.id,
    );
    below.sort(
      (left, right) =>
        compare(right.request.stopPriceUnits, left.request.stopPriceUnits) || left.id - right.id,
    );
    return above[0] ?? below[0];
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
      const { priceUnits, stopPriceUnits } = order.request;
      free -= side === 'SELL' ? order.remaining : ((priceUnits || stopPriceUnits) * order.remaining) / ONE;
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

function compare(left: bigint, right: bigint): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
