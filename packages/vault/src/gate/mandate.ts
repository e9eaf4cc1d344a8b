/** What the owner allows, and what counts against it. Every number here is rebuilt from the connection's own leaves. */
import { createHash } from 'node:crypto';
import { type Decimal, add, compare, formatDecimal, multiply, subtract } from '@counterfoil/vocabulary';
import {
  type Budget,
  type IntentOf,
  type LeafPayload,
  type Mandate,
  encodeMandate,
} from '@counterfoil/vocabulary/protocol';
import { Position } from './position.ts';
import { type Reference, worstPrice } from './reference.ts';
import { Window } from './window.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const BPS = 10_000n;
const ONE: Decimal = { units: 1n, scale: 0 };
const ZERO: Decimal = { units: 0n, scale: 0 };

export type Order = Pick<
  IntentOf<'orderCreate'>,
  'symbol' | 'side' | 'type' | 'amount' | 'sizedBy' | 'price' | 'stopPrice'
>;
type SignLeaf = Extract<LeafPayload, { kind: 'sign' }>;
type ResultLeaf = Extract<LeafPayload, { kind: 'result' }>;
type Limit = keyof Mandate | Exclude<keyof Budget, 'asset'> | 'reference';

/** A limit that an order would break, with its value and the order's. */
export class OverLimit extends Error {
  override readonly name = 'OverLimit';
  readonly limit: Limit;

  constructor(limit: Limit, allowed: string, asked: string) {
    super(`${limit}: the mandate allows ${allowed}, this would be ${asked}`);
    this.limit = limit;
  }
}

/** SHA-256 of the mandate's bytes, cut to 16, as leaves carry it. */
export function mandateHash(mandate: Mandate): Uint8Array {
  return createHash('sha256').update(encodeMandate(mandate)).digest().subarray(0, 16);
}

/** An order that may still be filled, or whose fate nobody knows. */
interface Open {
  readonly clientOrderId: string;
  readonly market: Market;
  readonly side: 'buy' | 'sell';
  readonly notional: Decimal;
  /** Null where it is sized by quote. */
  readonly base: Decimal | null;
  filled: Decimal;
  filledAmount: Decimal;
}

/** What counts of one market, whatever mandate was in force: a mandate that comes later counts what went before. */
class Market {
  readonly hour = new Window(HOUR_MS, MINUTE_MS);
  readonly day = new Window(DAY_MS, MINUTE_MS);
  readonly position = new Position();
  /** Notional of the orders that may still be filled. */
  open = ZERO;
  /** Base of the sales that may still be filled. */
  selling = ZERO;
}

export class Limits {
  #mandate: Mandate;
  #hash: Uint8Array;
  readonly #orders = new Window(MINUTE_MS, SECOND_MS);
  readonly #cancels = new Window(MINUTE_MS, SECOND_MS);
  readonly #markets = new Map<string, Market>();
  readonly #open = new Map<number, Open>();
  readonly #byClientId = new Map<string, number>();
  /** Cancels whose result is to come: whose order they are about. */
  readonly #cancelling = new Map<number, string>();

  constructor(mandate: Mandate) {
    this.#mandate = mandate;
    this.#hash = mandateHash(mandate);
  }

  get mandate(): Mandate {
    return this.#mandate;
  }

  set(mandate: Mandate): void {
    this.#mandate = mandate;
    this.#hash = mandateHash(mandate);
  }

  /** As sign leaves carry it. */
  get hash(): Uint8Array {
    return this.#hash;
  }

  /** Whether `order` can be judged only against the market. */
  needsReference({ sizedBy, price }: Order): boolean {
    const { bandBps, shareBps, budgets } = this.#mandate;
    return (
      bandBps !== null ||
      shareBps !== null ||
      budgets.some(({ volumeMin }) => volumeMin !== null) ||
      (sizedBy === 'base' && price === null)
    );
  }

  /**
   * Throws `OverLimit`, or returns the price that the sign leaf states: the order's own or, of a market order sized in
   * base, the worst one that the book says; null where the amount is in quote. So the leaf alone tells the notional.
   */
  check(order: Order, reference: Reference | null, atMs: number): Decimal | null {
    this.checkKind(order, atMs);
    if (this.needsReference(order) && reference === null)
      throw new OverLimit('reference', 'no order without a price of the last 5 s', 'one without');
    const price = this.#checkPrice(order, reference);
    const notional = price === null ? order.amount : multiply(order.amount, price);
    for (const budget of this.#budgetsOf(order)) this.#checkBudget(budget, order, notional, reference, atMs);
    if (this.#mandate.reduceOnly) this.#checkReduces(order);
    const { shareBps } = this.#mandate;
    if (shareBps !== null && reference !== null)
      within('shareBps', shareOf(reference.volume, shareBps), notional);
    return price;
  }

  #budgetsOf({ symbol }: Order): readonly Budget[] {
    return this.#mandate.budgets.filter(({ asset }) => symbol.endsWith(asset));
  }

  /** What can be said without knowing the market. Throws `OverLimit`. */
  checkKind(order: Order, atMs: number): void {
    const { symbol, side, type } = order;
    const { markets, denied, sides, types, validUntilMs, hours, ordersPerMinute } = this.#mandate;
    if (denied.some((market) => market === symbol)) throw new OverLimit('denied', 'no such market', symbol);
    if (markets !== null && !markets.some((market) => market === symbol))
      throw new OverLimit('markets', 'its own markets', symbol);
    if (this.#budgetsOf(order).length === 0)
      throw new OverLimit('budgets', 'the markets of its budgets', symbol);
    if (!sides.includes(side)) throw new OverLimit('sides', sides.join(', ') || 'none', side);
    if (!types.includes(type)) throw new OverLimit('types', types.join(', ') || 'none', type);
    if (validUntilMs !== null && atMs >= validUntilMs)
      throw new OverLimit('validUntilMs', `orders before ${validUntilMs}`, String(atMs));
    const hour = new Date(atMs).getUTCHours();
    if ((hours & (1 << hour)) === 0) throw new OverLimit('hours', 'other hours', `hour ${hour} UTC`);
    within('ordersPerMinute', whole(ordersPerMinute), add(this.#orders.total(atMs), ONE));
  }

  /** The band is about the side that loses: a buy above the market, a sale below it. */
  #checkPrice(order: Order, reference: Reference | null): Decimal | null {
    const { side, amount, sizedBy, price, stopPrice } = order;
    if (price !== null && sizedBy === 'quote')
      throw new OverLimit('types', 'a price with base only', 'quote');
    const levels = reference === null ? null : side === 'buy' ? reference.asks : reference.bids;
    const filledAt = levels === null ? null : worstPrice(levels, amount, sizedBy);
    const worst = price ?? (filledAt === null || stopPrice === null ? filledAt : higher(filledAt, stopPrice));
    const { bandBps } = this.#mandate;
    const now = levels?.[0]?.[0];
    // An order that waits for a price is judged where the market will be then, if that is further on.
    const isFurther =
      now !== undefined && stopPrice !== null && compare(stopPrice, now) > 0 === (side === 'buy');
    const best = isFurther ? stopPrice : now;
    if (worst === null && (bandBps !== null || sizedBy === 'base'))
      throw new OverLimit('reference', 'what the book can fill', formatDecimal(amount));
    if (bandBps !== null && worst !== null && best !== undefined) {
      const bps = side === 'buy' ? BPS + BigInt(bandBps) : BPS - BigInt(bandBps);
      const bound = multiply(best, { units: bps, scale: 4 });
      const outside = side === 'buy' ? compare(worst, bound) > 0 : compare(worst, bound) < 0;
      if (outside) throw new OverLimit('bandBps', formatDecimal(bound), formatDecimal(worst));
    }
    return sizedBy === 'quote' ? null : worst;
  }

  #checkBudget(
    budget: Budget,
    { side }: Order,
    notional: Decimal,
    reference: Reference | null,
    atMs: number,
  ): void {
    const markets = [...this.#markets].flatMap(([symbol, market]) =>
      symbol.endsWith(budget.asset) ? [market] : [],
    );
    const sum = (of: (market: Market) => Decimal, from: Decimal): Decimal =>
      markets.reduce((total, market) => add(total, of(market)), from);
    within('perOrder', budget.perOrder, notional);
    within(
      'perHour',
      budget.perHour,
      sum(({ hour }) => hour.total(atMs), notional),
    );
    within(
      'perDay',
      budget.perDay,
      sum(({ day }) => day.total(atMs), notional),
    );
    within(
      'open',
      budget.open,
      sum(({ open }) => open, notional),
    );
    if (budget.volumeMin !== null && reference !== null && compare(reference.volume, budget.volumeMin) < 0)
      throw new OverLimit('volumeMin', formatDecimal(budget.volumeMin), formatDecimal(reference.volume));
    if (budget.dayLoss === null || side === 'sell') return;
    const loss = sum(({ position }) => position.lossOf(atMs), ZERO);
    if (compare(loss, budget.dayLoss) >= 0)
      throw new OverLimit('dayLoss', `buying below ${formatDecimal(budget.dayLoss)}`, formatDecimal(loss));
  }

  #checkReduces({ symbol, side, amount, sizedBy }: Order): void {
    if (side === 'buy' || sizedBy === 'quote') throw new OverLimit('reduceOnly', 'sales in base', 'another');
    const market = this.#markets.get(symbol);
    within('reduceOnly', market?.position.held ?? ZERO, add(market?.selling ?? ZERO, amount));
  }

  /** Throws `OverLimit`. */
  checkCancel(atMs: number): void {
    within('cancelsPerMinute', whole(this.#mandate.cancelsPerMinute), add(this.#cancels.total(atMs), ONE));
  }

  /** Whether an answer says something of an open order that its leaves do not say yet. */
  isNews(leafSeq: number, filled: Decimal | null, stands: 'open' | 'closed' | null): boolean {
    const open = this.#open.get(leafSeq);
    if (open === undefined || filled === null) return false;
    return stands === 'closed' || compare(filled, open.filled) > 0;
  }

  /** Takes a leaf of the chain, when it is written and again at every start: both ways lead to the same numbers. */
  take(leaf: LeafPayload): void {
    if (leaf.kind === 'sign') this.#sign(leaf);
    if (leaf.kind === 'result') this.#result(leaf);
  }

  #sign(leaf: SignLeaf): void {
    const { symbol, side, amount, price, atMs, clientOrderId, seq } = leaf;
    if (leaf.method === 'orderCancelAll') this.#cancels.add(atMs, ONE);
    if (leaf.method === 'orderCancel') {
      this.#cancels.add(atMs, ONE);
      this.#cancelling.set(seq, clientOrderId);
    }
    if (leaf.method !== 'orderCreate' || side === null || amount === null) return;
    const notional = price === null ? amount : multiply(amount, price);
    this.#orders.add(atMs, ONE);
    const market = this.#markets.get(symbol) ?? new Market();
    this.#markets.set(symbol, market);
    market.hour.add(atMs, notional);
    market.day.add(atMs, notional);
    const base = price === null ? null : amount;
    market.open = add(market.open, notional);
    if (side === 'sell' && base !== null) market.selling = add(market.selling, base);
    this.#open.set(seq, { clientOrderId, market, side, notional, base, filled: ZERO, filledAmount: ZERO });
    this.#byClientId.set(clientOrderId, seq);
  }

  /** An order whose fate nobody knows stays open, with all of its notional. */
  #result(leaf: ResultLeaf): void {
    const cancelled = this.#cancelling.get(leaf.of);
    if (leaf.outcome !== 'unknown') this.#cancelling.delete(leaf.of);
    const seq = cancelled === undefined ? leaf.of : this.#byClientId.get(cancelled);
    const open = seq === undefined ? undefined : this.#open.get(seq);
    if (seq === undefined || open === undefined) return;
    if (leaf.filled !== null && leaf.filledAmount !== null)
      this.#fill(open, leaf.filled, leaf.filledAmount, leaf.atMs);
    const never = cancelled === undefined && (leaf.outcome === 'rejected' || leaf.outcome === 'notPlaced');
    if (leaf.stands !== 'closed' && !never) return;
    open.market.open = subtract(open.market.open, open.notional);
    if (open.side === 'sell' && open.base !== null)
      open.market.selling = subtract(open.market.selling, subtract(open.base, open.filled));
    this.#open.delete(seq);
    this.#byClientId.delete(open.clientOrderId);
  }

  #fill(open: Open, filled: Decimal, filledAmount: Decimal, atMs: number): void {
    // Answers may overtake each other; what was filled never shrinks.
    if (compare(filled, open.filled) <= 0) return;
    const base = subtract(filled, open.filled);
    const quote = subtract(filledAmount, open.filledAmount);
    [open.filled, open.filledAmount] = [filled, filledAmount];
    const { position } = open.market;
    if (open.side === 'buy') return position.bought(base, quote);
    position.sold(base, quote, atMs);
    if (open.base !== null) open.market.selling = subtract(open.market.selling, base);
  }
}

const higher = (a: Decimal, b: Decimal): Decimal => (compare(a, b) > 0 ? a : b);

function within(limit: Limit, allowed: Decimal | null, asked: Decimal): void {
  if (allowed !== null && compare(asked, allowed) > 0)
    throw new OverLimit(limit, formatDecimal(allowed), formatDecimal(asked));
}

const whole = (count: number): Decimal => ({ units: BigInt(count), scale: 0 });

function shareOf(volume: Decimal, bps: number): Decimal {
  return multiply(volume, { units: BigInt(bps), scale: 4 });
}
