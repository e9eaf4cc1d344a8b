import {
  type Amount,
  applyRate,
  type BotEvent,
  ceilToTick,
  checkFilters,
  type Fill,
  floorToLot,
  floorToTick,
  type Market,
  notional,
  type OrderRequest,
  type Price,
  type Quantity,
} from '@counterfoil/vocabulary';
import { least, minus, opposite, plus, toLevel, zero } from '../machines/units.ts';
import type { FillModel } from './model.ts';
import { Wallet } from './wallet.ts';

interface SimulatedOrder {
  readonly name: string;
  readonly request: OrderRequest;
  readonly quantity: Quantity;
  /** Price units at or beyond which the order fills; for market orders any price does. */
  readonly level: number;
  left: Quantity;
  filledAmount: Amount;
  /** Quote set aside for what is left of a resting buy. */
  lockedQuote: Amount;
}

/** Quote units locked beyond the cost of a buy: each of its partial fills rounds cost and fee up by one unit. */
const ROUNDING_RESERVE = 1_000n;

const MILLION = 1_000_000n;

/**
 * One account's orders on one market, met by prices that the caller tells. Answers come as the events that a venue
 * would send. Deterministic: the same calls give the same fills.
 */
export class SimulatedOrders {
  readonly #market: Market;
  readonly #model: FillModel;
  readonly #wallet: Wallet;
  readonly #emit: (event: BotEvent) => void;
  readonly #tick: number;
  #resting: SimulatedOrder[] = [];
  /** Market orders that the volume of their candle did not suffice for. */
  #waiting: SimulatedOrder[] = [];
  #trades = 0;
  #volumeLeft: Quantity | null = null;
  /** Lowest level a resting sell fills at, highest a resting buy fills at. */
  #sellLevel = Infinity;
  #buyLevel = -Infinity;

  constructor(market: Market, model: FillModel, wallet: Wallet, emit: (event: BotEvent) => void) {
    this.#market = market;
    this.#model = model;
    this.#wallet = wallet;
    this.#emit = emit;
    this.#tick = toLevel(market.tick);
  }

  /** Lowest price at which a resting sell fills, whatever the volume. */
  get sellLevel(): number {
    return this.#sellLevel;
  }

  /** Highest price at which a resting buy fills, whatever the volume. */
  get buyLevel(): number {
    return this.#buyLevel;
  }

  /** Whether this candle's volume is used up: nothing more fills before the next. */
  get exhausted(): boolean {
    return this.#volumeLeft !== null && this.#volumeLeft <= 0n;
  }

  /** Whether orders wait for the volume of the next candle. */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  get count(): number {
    return this.#resting.length + this.#waiting.length;
  }

  /** A new candle brings new volume (in quantity units). */
  beginCandle(volume: number): void {
    const share = this.#model.volumeSharePpm;
    if (share !== null)
      this.#volumeLeft = floorToLot(this.#market, (BigInt(volume) * BigInt(share)) / MILLION);
  }

  place(name: string, request: OrderRequest, price: number, atMs: number): void {
    const quantity = request.sizing.by === 'base' ? request.sizing.quantity : zero<Quantity>();
    const at = request.price ?? (BigInt(price) as Price);
    const type = request.type === 'limit' ? 'limit' : 'market';
    const broken = checkFilters(
      this.#market,
      type === 'limit' ? at : floorToTick(this.#market, at),
      quantity,
      type,
    );
    if (broken !== null) {
      const reason = `${broken.reason} (limit ${broken.limit})`;
      this.#emit({ kind: 'orderRefused', order: name, reason, passes: false, atMs });
      return;
    }
    const level = type === 'market' ? 0 : toLevel(at) + (request.side === 'sell' ? this.#tick : -this.#tick);
    const order: SimulatedOrder = {
      name,
      request,
      quantity,
      level,
      left: quantity,
      filledAmount: zero(),
      lockedQuote: zero(),
    };
    if (type === 'market') this.#take(order, price, atMs);
    else this.#rest(order, at, price, atMs);
  }

  cancel(name: string, atMs: number): void {
    const order =
      this.#resting.find((one) => one.name === name) ?? this.#waiting.find((one) => one.name === name);
    if (order === undefined) return;
    this.#forget(order);
    this.#unlockRest(order);
    const filledQuantity = minus(order.quantity, order.left);
    const report = {
      order: name,
      state: 'cancelled',
      filledQuantity,
      filledAmount: order.filledAmount,
      atMs,
    } as const;
    this.#emit({ kind: 'orderReported', report });
  }

  /** The price has reached `price`: fills what it went through, nearest first, and takers left from before. */
  reach(price: number, atMs: number): void {
    if (this.#waiting.length > 0) this.#retryWaiting(price, atMs);
    while (price >= this.#sellLevel || price <= this.#buyLevel) {
      const order = this.#crossed(price);
      if (order === undefined) return;
      const quantity = this.#available(order.left);
      if (quantity === 0n) return;
      this.#fill(order, order.request.price ?? zero(), quantity, 'maker', atMs);
      if (order.left > 0n) continue;
      this.#forget(order);
      this.#unlockRest(order);
    }
  }

  #rest(order: SimulatedOrder, at: Price, price: number, atMs: number): void {
    if (!this.#lock(order, at)) {
      this.#refuse(order, atMs);
      return;
    }
    const taker = this.#takerPrice(order, price);
    const crosses = order.request.side === 'buy' ? taker <= at : taker >= at;
    if (crosses) {
      const quantity = this.#available(order.left);
      if (quantity > 0n) this.#fill(order, taker, quantity, 'taker', atMs);
      if (order.left === 0n) {
        this.#unlockRest(order);
        return;
      }
    }
    this.#resting.push(order);
    this.#refreshLevels();
  }

  #take(order: SimulatedOrder, price: number, atMs: number): void {
    const taker = this.#takerPrice(order, price);
    const quantity = this.#available(order.left);
    if (!this.#affords(order, taker, order.left)) {
      this.#refuse(order, atMs);
      return;
    }
    if (quantity > 0n) this.#fill(order, taker, quantity, 'taker', atMs);
    if (order.left > 0n) this.#waiting.push(order);
  }

  #retryWaiting(price: number, atMs: number): void {
    for (const order of this.#waiting) {
      const taker = this.#takerPrice(order, price);
      const quantity = this.#available(order.left);
      if (quantity === 0n) return;
      if (!this.#affords(order, taker, quantity)) {
        // The price ran away from the money: the venue ends the order with what it has.
        this.cancel(order.name, atMs);
        continue;
      }
      this.#fill(order, taker, quantity, 'taker', atMs);
      if (order.left === 0n) this.#forget(order);
    }
  }

  #crossed(price: number): SimulatedOrder | undefined {
    let best: SimulatedOrder | undefined;
    for (const order of this.#resting) {
      const isSell = order.request.side === 'sell';
      if (isSell ? price < order.level : price > order.level) continue;
      if (best === undefined || (isSell ? order.level < best.level : order.level > best.level)) best = order;
    }
    return best;
  }

  #fill(
    order: SimulatedOrder,
    price: Price,
    quantity: Quantity,
    liquidity: Fill['liquidity'],
    atMs: number,
  ): void {
    const { side } = order.request;
    const amount = notional(this.#market, price, quantity, side === 'buy' ? 'ceil' : 'floor');
    const rate = liquidity === 'maker' ? this.#market.makerFee : this.#market.takerFee;
    const inBase = this.#model.feeIn === 'received' && side === 'buy';
    const fee = inBase ? applyRate(quantity, rate, 'ceil') : applyRate(amount, rate, 'ceil');
    const isThird = this.#model.feeIn === 'third';
    if (order.request.type === 'limit')
      this.#unlockFilled(order, quantity, plus(amount, (inBase || isThird ? 0n : fee) as Amount));
    this.#settle(side, quantity, amount, isThird ? 0n : fee, inBase);
    order.left = minus(order.left, quantity);
    order.filledAmount = plus(order.filledAmount, amount);
    if (this.#volumeLeft !== null) this.#volumeLeft = minus(this.#volumeLeft, quantity);
    this.#trades++;
    const fill: Fill = {
      tradeId: `t${this.#trades}`,
      side,
      price,
      quantity,
      amount,
      fee,
      feeAsset: isThird ? 'FEE' : inBase ? this.#market.base : this.#market.quote,
      feeScale: inBase ? this.#market.quantityScale : this.#market.quoteScale,
      liquidity,
      atMs,
    };
    this.#emit({ kind: 'orderFilled', order: order.name, fill });
  }

  #settle(side: 'buy' | 'sell', quantity: Quantity, amount: Amount, fee: bigint, inBase: boolean): void {
    // The fee has the unit of what it is taken in.
    const quoteFee = (inBase ? 0n : fee) as Amount;
    const baseFee = (inBase ? fee : 0n) as Quantity;
    if (side === 'buy') this.#wallet.change(opposite(plus(amount, quoteFee)), minus(quantity, baseFee));
    else this.#wallet.change(minus(amount, quoteFee), opposite(quantity));
  }

  #lock(order: SimulatedOrder, at: Price): boolean {
    if (order.request.side === 'sell') return this.#wallet.lockBase(order.left);
    const cost = this.#costOf(at, order.left);
    // Without a volume cap an order fills in one piece, and needs no reserve.
    const locked = this.#volumeLeft === null ? cost : plus(cost, ROUNDING_RESERVE as Amount);
    if (!this.#wallet.lockQuote(locked)) return false;
    order.lockedQuote = locked;
    return true;
  }

  #unlockFilled(order: SimulatedOrder, quantity: Quantity, cost: Amount): void {
    if (order.request.side === 'sell') {
      this.#wallet.unlockBase(quantity);
      return;
    }
    const paid = least(cost, order.lockedQuote);
    this.#wallet.unlockQuote(paid);
    order.lockedQuote = minus(order.lockedQuote, paid);
  }

  #unlockRest(order: SimulatedOrder): void {
    if (order.request.type !== 'limit') return;
    if (order.request.side === 'sell') this.#wallet.unlockBase(order.left);
    else this.#wallet.unlockQuote(order.lockedQuote);
    order.lockedQuote = zero();
  }

  /** Quote that a buy needs at most: the fee is the taker's, since a limit order may cross at once. */
  #costOf(price: Price, quantity: Quantity): Amount {
    const amount = notional(this.#market, price, quantity, 'ceil');
    if (this.#model.feeIn !== 'quote') return amount;
    const { takerFee, makerFee } = this.#market;
    return plus(amount, applyRate(amount, takerFee > makerFee ? takerFee : makerFee, 'ceil'));
  }

  #affords(order: SimulatedOrder, price: Price, quantity: Quantity): boolean {
    return order.request.side === 'buy'
      ? this.#costOf(price, quantity) <= this.#wallet.freeQuote
      : quantity <= this.#wallet.freeBase;
  }

  #refuse(order: SimulatedOrder, atMs: number): void {
    this.#emit({ kind: 'orderRefused', order: order.name, reason: 'insufficientFunds', passes: false, atMs });
  }

  #takerPrice(order: SimulatedOrder, price: number): Price {
    const worse = BigInt(this.#model.halfSpreadPpm + this.#model.slippagePpm);
    return order.request.side === 'buy'
      ? ceilToTick(this.#market, (BigInt(price) * (MILLION + worse) + MILLION - 1n) / MILLION)
      : floorToTick(this.#market, (BigInt(price) * (MILLION - worse)) / MILLION);
  }

  #available(left: Quantity): Quantity {
    return this.#volumeLeft === null ? left : least(left, this.#volumeLeft);
  }

  #forget(order: SimulatedOrder): void {
    this.#resting = this.#resting.filter((one) => one !== order);
    this.#waiting = this.#waiting.filter((one) => one !== order);
    this.#refreshLevels();
  }

  #refreshLevels(): void {
    this.#sellLevel = Infinity;
    this.#buyLevel = -Infinity;
    for (const order of this.#resting) {
      if (order.request.side === 'sell') this.#sellLevel = Math.min(this.#sellLevel, order.level);
      else this.#buyLevel = Math.max(this.#buyLevel, order.level);
    }
  }
}
