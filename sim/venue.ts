import { defaultFillModel, SimulatedOrders, Wallet } from '@counterfoil/engine/fills';
import {
  type Amount,
  type BotEvent,
  checkFilters,
  type Fill,
  floorToTick,
  type Market,
  type OrderReport,
  type OrderRequest,
  type Quantity,
} from '@counterfoil/vocabulary';

/** What a venue answers when asked about an order by its client id. */
export interface OrderStatus {
  readonly known: boolean;
  readonly report: OrderReport;
  readonly fills: readonly Fill[];
}

export type PlaceAnswer = 'accepted' | 'duplicate' | 'refused';

interface Held {
  readonly request: OrderRequest;
  readonly fills: Fill[];
  state: OrderReport['state'];
  reason: string;
}

/**
 * A paper venue with one market and one account. Orders are known by the client order id for ever: a second order
 * with the same id is refused as a duplicate, which is what makes sending again safe.
 */
export class SimVenue {
  readonly wallet: Wallet;
  readonly orders = new Map<string, Held>();
  /** As they are today; never looser than at the start, which is what the simulated orders were made with. */
  market: Market;
  /** Nothing trades and nothing is taken in. */
  halted = false;
  readonly #simulated: SimulatedOrders;
  readonly #push: (event: BotEvent) => void;
  #price: number;
  #nowMs = 0;

  constructor(market: Market, quote: Amount, base: Quantity, price: number, push: (event: BotEvent) => void) {
    this.wallet = new Wallet(quote, base);
    this.market = market;
    this.#price = price;
    this.#push = push;
    const model = { ...defaultFillModel, volumeSharePpm: 1_000_000 };
    this.#simulated = new SimulatedOrders(market, model, this.wallet, (event) => this.#record(event));
  }

  /** A new price, with so much volume to trade against (in quantity units): little volume makes partial fills. */
  tick(price: number, volume: number, nowMs: number): void {
    this.#price = price;
    this.#nowMs = nowMs;
    if (this.halted) return;
    this.#simulated.beginCandle(volume);
    this.#simulated.reach(price, nowMs);
  }

  place(id: string, request: OrderRequest, nowMs: number): PlaceAnswer {
    if (this.orders.has(id)) return 'duplicate';
    this.#nowMs = nowMs;
    const refusal = this.#refusalFor(request);
    if (refusal !== null) {
      this.orders.set(id, { request, fills: [], state: 'rejected', reason: refusal });
      return 'refused';
    }
    this.orders.set(id, { request, fills: [], state: 'acknowledged', reason: '' });
    this.#simulated.place(id, request, this.#price, nowMs);
    return this.orders.get(id)?.state === 'rejected' ? 'refused' : 'accepted';
  }

  #refusalFor({ sizing, price, type }: OrderRequest): string | null {
    if (this.halted) return 'market halted';
    if (sizing.by !== 'base') return 'not sized in base';
    const kind = type === 'limit' ? 'limit' : 'market';
    const at = price ?? floorToTick(this.market, BigInt(this.#price));
    return checkFilters(this.market, at, sizing.quantity, kind)?.reason ?? null;
  }

  cancel(id: string, nowMs: number): void {
    if (this.halted) return;
    this.#nowMs = nowMs;
    this.#simulated.cancel(id, nowMs);
  }

  status(id: string): OrderStatus {
    const held = this.orders.get(id);
    const fills = held?.fills ?? [];
    let filledQuantity = 0n;
    let filledAmount = 0n;
    for (const fill of fills) {
      filledQuantity += fill.quantity;
      filledAmount += fill.amount;
    }
    // Sums of quantities and amounts, in their own units.
    const filled = { filledQuantity: filledQuantity as Quantity, filledAmount: filledAmount as Amount };
    const report: OrderReport = { order: id, state: held?.state ?? 'unknown', ...filled, atMs: this.#nowMs };
    return { known: held !== undefined, report, fills: [...fills] };
  }

  refusalOf(id: string): string {
    return this.orders.get(id)?.reason ?? '';
  }

  #record(event: BotEvent): void {
    if (event.kind === 'orderFilled') {
      const held = this.orders.get(event.order);
      held?.fills.push(event.fill);
      if (held !== undefined) held.state = this.#isFilled(held) ? 'filled' : 'partiallyFilled';
      this.#push(event);
    } else if (event.kind === 'orderReported') {
      const held = this.orders.get(event.report.order);
      if (held !== undefined) held.state = event.report.state;
      this.#push(event);
    } else if (event.kind === 'orderRefused') {
      // The refusal is the answer to placing; nothing is pushed for it.
      const held = this.orders.get(event.order);
      if (held !== undefined) Object.assign(held, { state: 'rejected', reason: event.reason });
    }
  }

  #isFilled(held: Held): boolean {
    const filled = held.fills.reduce((sum, fill) => sum + fill.quantity, 0n);
    return held.request.sizing.by === 'base' && filled >= held.request.sizing.quantity;
  }
}
