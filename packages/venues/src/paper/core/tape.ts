/** One public trade. */
export interface Trade {
  readonly id: number;
  readonly ticks: number;
  readonly lots: number;
  readonly quoteUnits: bigint;
  readonly at: number;
  readonly isBuyerMaker: boolean;
  readonly takerOrderId: number;
}

/** One minute of trading; a minute without a trade has no candle. */
export interface Candle {
  readonly openAt: number;
  readonly openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  lots: number;
  quoteUnits: bigint;
  takerBuyLots: number;
  takerBuyQuoteUnits: bigint;
  firstTradeId: number;
  lastTradeId: number;
}

/** The imitated exchange answers at most 1,000 recent trades; older ones need its archive. */
const RECENT_TRADES_MAX = 1_000;
/** One week of minutes: enough for a chart, for 24 h statistics and for daily candles. */
const CANDLES_MAX = 7 * 24 * 60;
const MINUTE_MS = 60_000;

/** The public record of one market's trades: the last trades in full, and one candle per minute. */
export class Tape {
  readonly #trades: Trade[] = [];
  readonly #candles: Candle[] = [];
  #nextTradeId = 1;
  #average: { readonly since: number; readonly nextTradeId: number; readonly ticks: number | undefined } = {
    since: -1,
    nextTradeId: 0,
    ticks: undefined,
  };

  /** The id that the next trade will get. */
  get nextTradeId(): number {
    return this.#nextTradeId;
  }

  /** Oldest first. */
  get trades(): readonly Trade[] {
    return this.#trades;
  }

  /** One candle per traded minute, oldest first. */
  get candles(): readonly Candle[] {
    return this.#candles;
  }

  record(trade: Omit<Trade, 'id'>): Trade {
    const recorded: Trade = { ...trade, id: this.#nextTradeId };
    this.#nextTradeId += 1;
    this.#trades.push(recorded);
    // Trimming in halves keeps the cost per trade constant.
    if (this.#trades.length > 2 * RECENT_TRADES_MAX) this.#trades.splice(0, RECENT_TRADES_MAX);
    this.#addToCandle(recorded);
    return recorded;
  }

  /**
   * Volume-weighted price over the last minutes in ticks, rounded down; `undefined` without a trade.
   * `unitsPerTickLot` is the market's cost of one lot at one tick.
   */
  averageTicks(now: number, minutes: number, unitsPerTickLot: bigint): number | undefined {
    const since = now - (now % MINUTE_MS) - (minutes - 1) * MINUTE_MS;
    const known = this.#average;
    // The same until the next trade or minute; every filter of every order asks for it.
    if (known.since !== since || known.nextTradeId !== this.#nextTradeId) {
      this.#average = {
        since,
        nextTradeId: this.#nextTradeId,
        ticks: this.#averageSince(since, unitsPerTickLot),
      };
    }
    return this.#average.ticks;
  }

  /** Plain data for a snapshot; `restore` takes it back. */
  save(): { trades: Trade[]; candles: Candle[]; nextTradeId: number } {
    return { trades: this.#trades, candles: this.#candles, nextTradeId: this.#nextTradeId };
  }

  static restore(saved: ReturnType<Tape['save']>): Tape {
    const tape = new Tape();
    tape.#trades.push(...saved.trades);
    tape.#candles.push(...saved.candles);
    tape.#nextTradeId = saved.nextTradeId;
    return tape;
  }

  #averageSince(since: number, unitsPerTickLot: bigint): number | undefined {
    let quoteUnits = 0n;
    let lots = 0n;
    for (let index = this.#candles.length - 1; index >= 0; index--) {
      const candle = this.#candles[index];
      if (candle === undefined || candle.openAt < since) break;
      quoteUnits += candle.quoteUnits;
      lots += BigInt(candle.lots);
    }
    return lots === 0n ? undefined : Number(quoteUnits / (lots * unitsPerTickLot));
  }

  #addToCandle(trade: Trade): void {
    const openAt = trade.at - (trade.at % MINUTE_MS);
    let candle = this.#candles.at(-1);
    if (candle === undefined || candle.openAt !== openAt) {
      candle = {
        openAt,
        openTicks: trade.ticks,
        highTicks: trade.ticks,
        lowTicks: trade.ticks,
        closeTicks: trade.ticks,
        lots: 0,
        quoteUnits: 0n,
        takerBuyLots: 0,
        takerBuyQuoteUnits: 0n,
        firstTradeId: trade.id,
        lastTradeId: trade.id,
      };
      this.#candles.push(candle);
      if (this.#candles.length > CANDLES_MAX) this.#candles.shift();
    }
    candle.highTicks = Math.max(candle.highTicks, trade.ticks);
    candle.lowTicks = Math.min(candle.lowTicks, trade.ticks);
    candle.closeTicks = trade.ticks;
    candle.lots += trade.lots;
    candle.quoteUnits += trade.quoteUnits;
    candle.lastTradeId = trade.id;
    if (!trade.isBuyerMaker) {
      candle.takerBuyLots += trade.lots;
      candle.takerBuyQuoteUnits += trade.quoteUnits;
    }
  }
}
