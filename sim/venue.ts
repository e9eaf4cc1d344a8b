import { defaultFillModel, SimulatedOrders, Wallet } from '@counterfoil/engine/fills';
import type {
  Amount,
  BotEvent,
  Fill,
  Market,
  OrderReport,
  OrderRequest,
  Quantity,
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
  readonly #simulated: SimulatedOrders;
  readonly #push: (event: BotEvent) => void;
  #price: number;
  #nowMs = 0;

  constructor(market: Market, quote: Amount, base: Quantity, price: number, push: (event: BotEvent) => void) {
    this.wallet = new Wallet(quote, base);
    this.#price = price;
    this.#push = push;
    const model = { ...defaultFillModel, volumeSharePpm: 1_000_000 };
    this.#simulated = new SimulatedOrders(market, model, this.wallet, (event) => this.#record(event));
  }

  /** A new price, with so much volume to trade against (in quantity units): little volume makes partial fills. */
  tick(price: number, volume: number, nowMs: number): void {
    this.#price = price;
    this.#nowMs = nowMs;
    this.#simulated.beginCandle(volume);
    this.#simulated.reach(price, nowMs);
  }

  place(id: string, request: OrderRequest, nowMs: number): PlaceAnswer {
    if (this.orders.has(id)) return 'duplicate';
    this.#nowMs = nowMs;
    this.orders.set(id, { request, fills: [], state: 'acknowledged', reason: '' });
    this.#simulated.place(id, request, this.#price, nowMs);
    return this.orders.get(id)?.state === 'rejected' ? 'refused' : 'accepted';
  }

  cancel(id: string, nowMs: number): void {
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
