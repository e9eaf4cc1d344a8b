/**
 * What the venue says about one connection: its trades, its open orders, its balances. Trades are read in the order of
 * their ids from a cursor that moves only over what is durable, so that none is lost and one told twice is known.
 */
import {
  connectionId,
  type Decimal,
  type Fill,
  formatDecimal,
  type Market,
  rescaleUnits,
  tradeId,
  venueSymbol,
} from '@counterfoil/vocabulary';
import { type AccountFill, ROWS_MAX, type StreamEvent } from '@counterfoil/vocabulary/protocol';
import { WireError } from '@counterfoil/wire';
import type { Pool } from 'pg';
import type { AppendedFill } from '../ledger/append.ts';
import type { GateSession } from '../worker/gate-link.ts';
import type { LiveBot } from './live-bot.ts';
import { workingOrdersOf } from './machines.ts';
import type { OrderDesk } from './order-desk.ts';
import { type Fence, insertForeignFills, readCursor, writeCursor } from './trade-rows.ts';
import type { TrackedOrder } from './tracked-order.ts';

/** How late a frame of the stream may be before its fill is asked for. */
const FRAME_LATE_MS = 1_000;
const LISTEN_AGAIN_MS = 1_000;
/** A list of trades costs a three-hundredth of what an address may ask in a minute. */
const CROSSED_MS = 5_000;
/**
 * Trades that nothing speaks of, a person's by hand or of orders that ended before, are in the books this late. What
 * orders and stream speak of is read when they do: reading everything at every look had the address banned.
 */
const TRADES_AGE_MS_MAX = 60_000;
/** Wishes to read within this time are one read: a burst of fills would use up the address's weight. */
const READ_GAP_MS = 1_000;
/** A cancel without effect is asked for again after this. */
const CANCEL_AGAIN_MS = 5_000;

interface Found {
  readonly bot: LiveBot;
  readonly order: TrackedOrder;
}

export interface ConnectionDeskOptions {
  readonly owner: string;
  readonly connection: string;
  readonly pool: Pool;
  readonly orders: OrderDesk;
  readonly session: () => GateSession | null;
  /** The lease on the connection's shard; null once it went to another worker. */
  readonly fence: () => Fence | null;
  readonly checkKey: (bot: LiveBot) => Promise<boolean>;
  readonly log: (line: string) => void;
}

export class ConnectionDesk {
  readonly bots = new Set<LiveBot>();
  /** Bots that are being read again: until they are back, a trade without an order may be theirs. */
  reloading = 0;
  readonly #options: ConnectionDeskOptions;
  readonly #cursors = new Map<string, number>();
  /** Trades after the cursor that are durable already. */
  readonly #booked = new Map<string, Set<string>>();
  readonly #reading = new Map<string, { again: boolean }>();
  #heardOn: GateSession | null = null;
  #isStreaming = false;
  #crossedAtMs = 0;
  readonly #readAtMs = new Map<string, number>();
  /** Fills whose frames overtook the answer that says which order is theirs, by the order's number at the venue. */
  readonly #early = new Map<string, readonly AccountFill[]>();
  readonly #cancelSeen = new WeakMap<TrackedOrder, number>();

  constructor(options: ConnectionDeskOptions) {
    this.#options = options;
  }

  /** Reads the trades of a market that are new; a call while one is under way makes it read once more. */
  readTrades(symbol: string): void {
    const reading = this.#reading.get(symbol);
    if (reading !== undefined) {
      reading.again = true;
      return;
    }
    const state = { again: false };
    this.#reading.set(symbol, state);
    const read = async (): Promise<void> => {
      do {
        state.again = false;
        await this.#readPages(symbol);
        await new Promise((resolve) => setTimeout(resolve, READ_GAP_MS));
      } while (state.again);
    };
    read()
      .catch((error: unknown) => this.#log(error))
      .finally(() => this.#reading.delete(symbol));
  }

  /** An order has traded so much. Its fills come by the stream; where they do not, they are read. */
  traded(bot: LiveBot, order: TrackedOrder, quantity: bigint): void {
    for (const fill of this.#early.get(order.venueOrderId ?? '') ?? []) this.#hearFill(fill);
    setTimeout(
      () => {
        const working = workingOrdersOf(bot.plan.kind, bot.state).find(({ name }) => name === order.name);
        const isBooked = working === undefined || working.filledQuantity >= quantity;
        if (bot.orders.get(order.name) === order && !isBooked) this.readTrades(order.symbol);
      },
      this.#isStreaming ? FRAME_LATE_MS : 0,
    ).unref();
  }

  /** The price is at resting orders of these markets, and no stream tells what it does to them. */
  crossed(symbols: ReadonlySet<string>, nowMs: number): void {
    if (symbols.size === 0 || this.#isStreaming || nowMs - this.#crossedAtMs < CROSSED_MS) return;
    this.#crossedAtMs = nowMs;
    for (const symbol of symbols) this.readTrades(symbol);
  }

  /** Hears what happens on the account, once per line to the vault. */
  listen(): void {
    const session = this.#options.session();
    const bot = this.bots.values().next().value;
    if (session === null || bot === undefined || this.#heardOn === session) return;
    this.#heardOn = session;
    this.#isStreaming = false;
    void session.closed.then(() => {
      if (this.#heardOn === session) this.#isStreaming = false;
    });
    const connection = connectionId.parse(this.#options.connection);
    session.listen({ kind: 'streamOpen', connection }, (result) => {
      if (result.kind === 'streamEvent') return this.#hear(result.event);
      // Refused, mostly because the key was not checked since the vault started.
      void this.#options.checkKey(bot).catch((error: unknown) => this.#log(error));
      setTimeout(() => (this.#heardOn = null), LISTEN_AGAIN_MS).unref();
    });
  }

  #hear(event: StreamEvent): void {
    switch (event.kind) {
      case 'opened':
        this.#isStreaming = true;
        // What happened while nobody listened.
        return this.look();
      case 'lost':
        this.#isStreaming = false;
        return;
      case 'fill': {
        const { venueOrderId: number, symbol } = event.fill;
        if (this.#hearFill(event.fill)) return;
        this.#early.set(number, [...(this.#early.get(number) ?? []), event.fill]);
        setTimeout(() => {
          this.#early.delete(number);
          if (!this.#hearFill(event.fill)) this.readTrades(symbol);
        }, FRAME_LATE_MS).unref();
        return;
      }
      case 'order': {
        const { clientOrderId, report } = event.order;
        const found = this.#find((order) => order.clientOrderId === clientOrderId);
        // An order that the answer to its intent is still to come of learns from that answer.
        if (found !== undefined) this.#options.orders.learnReport(found.bot, found.order, report);
        return;
      }
      case 'balances':
        return;
      default:
        event satisfies never;
    }
  }

  /** Whether the fill is booked already, or its order is known and told. */
  #hearFill(fill: AccountFill): boolean {
    const { symbol } = fill;
    const isBooked =
      this.#bookedOf(symbol).has(fill.tradeId) || Number(fill.tradeId) < (this.#cursors.get(symbol) ?? 0);
    if (isBooked) return true;
    const found = this.#find((order) => order.venueOrderId === fill.venueOrderId);
    if (found === undefined) return false;
    void this.#tell(found, fill).then((id) => {
      if (id !== null) this.#bookedOf(symbol).add(id);
    });
    return true;
  }

  #find(is: (order: TrackedOrder) => boolean): Found | undefined {
    for (const found of this.#tracked()) if (is(found.order)) return found;
    return undefined;
  }

  #bookedOf(symbol: string): Set<string> {
    const booked = this.#booked.get(symbol) ?? new Set<string>();
    this.#booked.set(symbol, booked);
    return booked;
  }

  #log(error: unknown): void {
    if (!(error instanceof WireError)) this.#options.log(`${this.#options.connection}: ${String(error)}`);
  }

  /** Compares what is open at the venue with what is waited for. */
  async reconcile(): Promise<void> {
    const session = this.#options.session();
    const symbols = new Set([...this.#tracked()].map(({ order }) => order.symbol));
    if (session === null) return;
    for (const symbol of new Set([...symbols, ...this.#readAtMs.keys()]))
      if (Date.now() - (this.#readAtMs.get(symbol) ?? -Infinity) > TRADES_AGE_MS_MAX) this.readTrades(symbol);
    for (const symbol of symbols) {
      const connection = connectionId.parse(this.#options.connection);
      const result = await session.ask({ kind: 'ordersOpen', connection, symbol: venueSymbol.parse(symbol) });
      if (result.kind !== 'orders') continue;
      const open = new Map(result.orders.map((order) => [order.clientOrderId, order.report]));
      for (const { bot, order } of this.#tracked()) {
        if (order.symbol !== symbol || order.state !== 'accepted') continue;
        const report = open.get(order.clientOrderId);
        if (report === undefined) {
          this.#options.orders.ask(bot, order);
          continue;
        }
        this.#options.orders.learnReport(bot, order, report);
        this.#cancelAgain(bot, order);
      }
    }
  }

  /** The same without waiting for it. */
  look(): void {
    this.reconcile().catch((error: unknown) => this.#log(error));
  }

  /** Free money of the connection, told to a bot for each of its markets. False where nobody can say. */
  async tellFunds(bot: LiveBot): Promise<boolean> {
    const session = this.#options.session();
    if (session === null) return false;
    const connection = connectionId.parse(this.#options.connection);
    const result = await session.ask({ kind: 'balances', connection });
    if (result.kind !== 'balances') return false;
    const free = (asset: string, scale: number): bigint => {
      const found = result.balances.find((one) => one.asset === asset);
      return found === undefined ? 0n : rescaleUnits(found.free.units, found.free.scale, scale, 'floor');
    };
    for (const [index, market] of bot.markets.entries()) {
      bot.tell({
        event: {
          kind: 'fundsChanged',
          market: index,
          // Units of this market, as `free` made them.
          quote: free(market.quote, market.quoteScale) as Market['notionalMin'],
          base: free(market.base, market.quantityScale) as Market['lot'],
          atMs: Date.now(),
        },
      });
    }
    return true;
  }

  *#tracked(): Generator<Found> {
    for (const bot of this.bots) for (const order of bot.orders.values()) yield { bot, order };
  }

  #cancelAgain(bot: LiveBot, order: TrackedOrder): void {
    if (order.cancelSeq === null) return;
    const since = this.#cancelSeen.get(order);
    if (since === undefined) this.#cancelSeen.set(order, Date.now());
    else if (Date.now() - since > CANCEL_AGAIN_MS) {
      this.#cancelSeen.set(order, Date.now());
      bot.tell({ event: null, cancelAgain: order });
    }
  }

  async #readPages(symbol: string): Promise<void> {
    for (;;) {
      const session = this.#options.session();
      const fence = this.#options.fence();
      if (session === null || fence === null) return;
      const { pool, owner, connection } = this.#options;
      const cursor = this.#cursors.get(symbol) ?? (await readCursor(pool, owner, connection, symbol));
      const result = await session.ask({
        kind: 'tradesHistory',
        connection: connectionId.parse(connection),
        symbol: venueSymbol.parse(symbol),
        fromId: cursor === null ? null : tradeId.parse(String(cursor)),
      });
      if (result.kind !== 'trades') return;
      // Whose bots went to another worker meanwhile has none here, and would take their trades for a stranger's.
      if (this.#options.fence()?.epoch !== fence.epoch) return;
      await this.#book(symbol, result.trades, fence);
      if (result.trades.length < ROWS_MAX) return void this.#readAtMs.set(symbol, Date.now());
    }
  }

  /** Tells the bots, waits until everything is durable, and moves the cursor over what is. */
  async #book(symbol: string, trades: readonly AccountFill[], fence: Fence): Promise<void> {
    const booked = this.#bookedOf(symbol);
    const fresh = trades.filter((trade) => !booked.has(trade.tradeId));
    if (fresh.length === 0) return;
    const byVenueId = new Map<string, Found>();
    let isOpen = this.reloading > 0;
    for (const found of this.#tracked()) {
      if (found.order.symbol !== symbol) continue;
      if (found.order.venueOrderId !== null) byVenueId.set(found.order.venueOrderId, found);
      else isOpen = true;
    }
    const durable: Promise<string | null>[] = [];
    const others: AccountFill[] = [];
    for (const trade of fresh) {
      const found = byVenueId.get(trade.venueOrderId);
      if (found !== undefined) durable.push(this.#tell(found, trade));
      // An order whose number at the venue is not known yet may be the one that traded.
      else if (!isOpen) others.push(trade);
    }
    const { pool, owner, connection } = this.#options;
    await insertForeignFills(pool, owner, connection, others, fence);
    for (const trade of others) booked.add(trade.tradeId);
    for (const id of await Promise.all(durable)) if (id !== null) booked.add(id);
    let next: number | null = null;
    for (const trade of trades) {
      if (!booked.has(trade.tradeId)) break;
      next = Number(trade.tradeId) + 1;
    }
    if (next === null) return;
    this.#cursors.set(symbol, next);
    for (const id of booked) if (Number(id) < next) booked.delete(id);
    await writeCursor(pool, owner, connection, symbol, next, fence);
  }

  /** The trade's id once it is durable; null where the bot went to somebody else. */
  #tell({ bot, order }: Found, trade: AccountFill): Promise<string | null> {
    const market = bot.markets[order.market];
    const working = workingOrdersOf(bot.plan.kind, bot.state).find((one) => one.name === order.name);
    if (market === undefined || working?.trades.includes(trade.tradeId) === true)
      return Promise.resolve(trade.tradeId);
    return new Promise((resolve) => {
      bot.tell({
        event: { kind: 'orderFilled', order: order.name, fill: fillOf(market, trade) },
        fill: rowOf(this.#options.connection, order, trade),
        done: (committed) => resolve(committed ? trade.tradeId : null),
      });
    });
  }
}

function fillOf(market: Market, trade: AccountFill): Fill {
  // Exact: a venue trades in whole ticks and lots, and states money no finer than the market counts it.
  const at = ({ units, scale }: Decimal, to: number): bigint => rescaleUnits(units, scale, to, 'exact');
  return {
    tradeId: trade.tradeId,
    side: trade.side,
    price: at(trade.price, market.priceScale) as Fill['price'],
    quantity: at(trade.quantity, market.quantityScale) as Fill['quantity'],
    amount: at(trade.quoteAmount, market.quoteScale) as Fill['amount'],
    fee: trade.fee.units,
    feeAsset: trade.feeAsset ?? market.quote,
    feeScale: trade.fee.scale,
    liquidity: trade.maker ? 'maker' : 'taker',
    atMs: trade.atMs,
  };
}

function rowOf(connection: string, order: TrackedOrder, trade: AccountFill): AppendedFill {
  return {
    connection,
    symbol: trade.symbol,
    tradeId: trade.tradeId,
    order: order.name,
    intentSeq: order.seq,
    venueOrderId: trade.venueOrderId,
    side: trade.side,
    price: formatDecimal(trade.price),
    quantity: formatDecimal(trade.quantity),
    amount: formatDecimal(trade.quoteAmount),
    fee: formatDecimal(trade.fee),
    feeAsset: trade.feeAsset ?? '',
    maker: trade.maker,
    atMs: trade.atMs,
  };
}
