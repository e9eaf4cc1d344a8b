import type { Amount, BotEvent, Fill, Market, OrderIntent, Price, Quantity } from '@counterfoil/vocabulary';
import { type Candles, rowAt } from '../candles/candles.ts';
import type { FillModel } from '../fills/model.ts';
import { pathInto, pathTimeMs } from '../fills/path.ts';
import { SimulatedOrders } from '../fills/simulated-orders.ts';
import { Wallet } from '../fills/wallet.ts';
import type { Machine, MachineEvent } from '../machines/machine.ts';
import type { Note } from '../machines/notes.ts';
import { type ConditionSeries, lastCloseMs, renewalMs } from './condition-series.ts';
import { Equity, type EquityResult } from './equity.ts';
import { ParkingLot } from './parking-lot.ts';

/** One bot on one market's candles. */
export interface Backtest<Options, State, Command> {
  readonly machine: Machine<Options, State, Command>;
  readonly options: Options;
  readonly market: Market;
  readonly candles: Candles;
  /** Shared by runs over the same candles, so that indicators are computed once. */
  readonly conditions: ConditionSeries;
  readonly model: FillModel;
  readonly quote: Amount;
  readonly base: Quantity;
  /** Outside signals about the market, in order of time; each is told at the first assumed price after it. */
  readonly signals?: readonly RecordedSignal[];
  /**
   * `every-candle` walks each candle's path; `jump` passes over candles in which nothing can happen. Both give the
   * same fills and the same statistics.
   */
  readonly pace: 'every-candle' | 'jump';
}

/** An alert as a webhook would have brought it. */
export interface RecordedSignal {
  readonly atMs: number;
  readonly name: string;
}

export interface BacktestResult<State> {
  readonly state: State;
  readonly fills: readonly OrderFill[];
  readonly notes: readonly Note[];
  readonly equity: EquityResult;
  readonly quote: Amount;
  readonly base: Quantity;
  /** Worth of the account at the first open and at the last close, in quote units. */
  readonly worthAtStart: number;
  readonly worthAtEnd: number;
  /** Candles whose path was walked; the others were passed over. */
  readonly walkedRows: number;
}

export interface OrderFill {
  readonly order: string;
  readonly fill: Fill;
}

/** A machine that answers each event with another order would never let time pass. */
const EVENTS_PER_INSTANT_MAX = 10_000;

/** Runs a bot over candles. Pure: the same arguments give the same result. */
export function runBacktest<Options, State, Command>(
  test: Backtest<Options, State, Command>,
): BacktestResult<State> {
  return new Run(test).finish();
}

class Run<Options, State, Command> {
  readonly #test: Backtest<Options, State, Command>;
  readonly #wallet: Wallet;
  readonly #orders: SimulatedOrders;
  readonly #lot = new ParkingLot();
  readonly #equity: Equity;
  readonly #queue: MachineEvent<Command>[] = [];
  readonly #path = new Float64Array(4);
  readonly #fills: OrderFill[] = [];
  readonly #notes: Note[] = [];
  #state: State;
  #row = 0;
  #price = 0;
  #nowMs = 0;
  #eventsThisInstant = 0;
  #walkedRows = 0;
  #signalsTold = 0;
  #toldQuote: Amount | null = null;
  #toldBase: Quantity | null = null;

  constructor(test: Backtest<Options, State, Command>) {
    this.#test = test;
    this.#wallet = new Wallet(test.quote, test.base);
    this.#orders = new SimulatedOrders(test.market, test.model, this.#wallet, (event) => this.#answer(event));
    this.#equity = new Equity(test.candles, test.market, test.model.path, this.#wallet);
    this.#state = test.machine.begin(test.options);
  }

  finish(): BacktestResult<State> {
    const { candles } = this.#test;
    const worthAtStart = this.#equity.worthAt(candles.open[0] ?? 0);
    if (candles.length > 0) this.#begin();
    while (this.#row < candles.length) {
      this.#walkRow();
      this.#row = this.#test.pace === 'jump' ? this.#jump() : this.#row + 1;
      this.#price = candles.close[this.#row - 1] ?? 0;
    }
    return {
      state: this.#state,
      fills: this.#fills,
      notes: this.#notes,
      equity: this.#equity.result,
      quote: this.#wallet.totalQuote,
      base: this.#wallet.totalBase,
      worthAtStart,
      worthAtEnd: this.#equity.worthAt(this.#price),
      walkedRows: this.#walkedRows,
    };
  }

  #begin(): void {
    const { candles } = this.#test;
    this.#price = candles.open[0] ?? 0;
    this.#nowMs = (candles.openedAtS[0] ?? 0) * 1_000;
    this.#orders.beginCandle(candles.volume[0] ?? 0);
    this.#tellFunds();
    this.#deliver({ kind: 'started', market: 0, atMs: this.#nowMs, price: this.#exactPrice() });
  }

  /** The assumed path of one candle: the jump to its open, then leg by leg through every level on the way. */
  #walkRow(): void {
    const { candles, model } = this.#test;
    const row = this.#row;
    const openedAtMs = (candles.openedAtS[row] ?? 0) * 1_000;
    this.#walkedRows++;
    this.#orders.beginCandle(candles.volume[row] ?? 0);
    const points = pathInto(
      this.#path,
      model.path,
      candles.open[row] ?? 0,
      candles.high[row] ?? 0,
      candles.low[row] ?? 0,
      candles.close[row] ?? 0,
    );
    for (let point = 0; point < points; point++) {
      this.#nowMs = pathTimeMs(openedAtMs, candles.stepMs, point, points);
      const price = this.#path[point] ?? 0;
      if (point === 0) this.#jumpTo(price);
      else this.#moveTo(price);
      this.#tellTime();
      this.#equity.mark(price);
    }
    this.#equity.closeRow(row);
  }

  #jumpTo(price: number): void {
    this.#price = price;
    this.#instant();
  }

  /** Moves along a leg, stopping wherever an order fills or a trigger fires. */
  #moveTo(target: number): void {
    const rising = target > this.#price;
    for (;;) {
      const level = rising ? this.#nextAbove() : this.#nextBelow();
      if (rising ? level > target : level < target) break;
      this.#price = rising ? Math.max(level, this.#price) : Math.min(level, this.#price);
      this.#instant();
      this.#equity.mark(this.#price);
    }
    this.#price = target;
    this.#instant();
  }

  #nextAbove(): number {
    const { nextRise } = this.#lot.prices;
    return this.#orders.exhausted ? nextRise : Math.min(nextRise, this.#orders.sellLevel);
  }

  #nextBelow(): number {
    const { nextFall } = this.#lot.prices;
    return this.#orders.exhausted ? nextFall : Math.max(nextFall, this.#orders.buyLevel);
  }

  /**
   * Everything that happens at this price and moment, until nothing more does: orders before price triggers,
   * those before conditions.
   */
  #instant(): void {
    this.#eventsThisInstant = 0;
    for (;;) {
      this.#orders.reach(this.#price, this.#nowMs);
      this.#drain();
      const fired = this.#lot.tell(this.#price);
      if (fired.length > 0) this.#fire(fired);
      else {
        this.#tellFunds();
        if (!this.#fireConditions()) return;
      }
    }
  }

  /** Between deals, when nothing is locked: sizes in percent count from what is there then. */
  #tellFunds(): void {
    const { freeQuote, freeBase } = this.#wallet;
    if (this.#orders.count > 0 || (freeQuote === this.#toldQuote && freeBase === this.#toldBase)) return;
    this.#toldQuote = freeQuote;
    this.#toldBase = freeBase;
    this.#deliver({ kind: 'fundsChanged', market: 0, quote: freeQuote, base: freeBase, atMs: this.#nowMs });
  }

  #tellTime(): void {
    for (let signal = this.#nextSignal(); signal !== undefined && signal.atMs <= this.#nowMs;) {
      this.#signalsTold++;
      // The moment is that of the price which comes with it: time never runs backwards for a machine.
      const event = { kind: 'signal', name: signal.name, market: 0 } as const;
      this.#deliver({ ...event, atMs: this.#nowMs, price: this.#exactPrice() });
      this.#instant();
      signal = this.#nextSignal();
    }
    while (this.#lot.nextTimeMs <= this.#nowMs) {
      this.#fire(this.#lot.due(this.#nowMs));
      this.#instant();
    }
  }

  #nextSignal(): RecordedSignal | undefined {
    return this.#test.signals?.[this.#signalsTold];
  }

  /** Fires the first conditions that hold on the candles closed so far; says whether there were any. */
  #fireConditions(): boolean {
    const met = this.#lot.conditions.find((one) => this.#holds(one.conditions, one.afterMs));
    if (met === undefined) return false;
    this.#lot.take(met.name);
    this.#fire([met.name]);
    return true;
  }

  #holds(conditions: ParkingLot['conditions'][number]['conditions'], afterMs: number | null): boolean {
    const { candles } = this.#test;
    if (this.#test.conditions.holding(conditions)[this.#row] === 0) return false;
    if (afterMs === null) return true;
    const openedAtMs = (candles.openedAtS[this.#row] ?? 0) * 1_000;
    return lastCloseMs(openedAtMs, renewalMs(conditions, candles.stepMs)) > afterMs;
  }

  #fire(names: readonly string[]): void {
    for (const trigger of names) {
      this.#deliver({
        kind: 'triggerFired',
        trigger,
        market: 0,
        atMs: this.#nowMs,
        price: this.#exactPrice(),
      });
    }
  }

  #answer(event: BotEvent): void {
    if (event.kind === 'orderFilled') {
      this.#fills.push({ order: event.order, fill: event.fill });
      this.#equity.traded();
    }
    this.#queue.push(event);
  }

  #drain(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#tell(next);
  }

  #deliver(event: MachineEvent<Command>): void {
    this.#tell(event);
    this.#drain();
  }

  #tell(event: MachineEvent<Command>): void {
    if (++this.#eventsThisInstant > EVENTS_PER_INSTANT_MAX) {
      throw new Error(
        `${EVENTS_PER_INSTANT_MAX} events at one moment (${event.kind}): the machine does not come to rest`,
      );
    }
    const { machine, options } = this.#test;
    const step = machine.step(options, this.#state, event);
    this.#state = step.state;
    if (step.notes.length > 0) this.#notes.push(...step.notes);
    this.#lot.park(step.triggers);
    for (const intent of step.intents) this.#perform(intent);
  }

  #perform(intent: OrderIntent): void {
    if (intent.kind === 'cancel') {
      this.#orders.cancel(intent.order, this.#nowMs);
      return;
    }
    this.#orders.place(intent.order, intent.request, this.#price, this.#nowMs);
  }

  /** Passes over candles to the next row in which an order, a trigger, a time or a condition can do something. */
  #jump(): number {
    const { candles } = this.#test;
    const after = this.#row + 1;
    if (this.#orders.waits || this.#test.model.path === 'close-only') return after;
    const { prices } = this.#lot;
    const floor = Math.max(prices.floor, this.#orders.buyLevel);
    const ceiling = Math.min(prices.ceiling, this.#orders.sellLevel);
    let next = candles.length;
    const dueMs = Math.min(this.#lot.nextTimeMs, this.#nextSignal()?.atMs ?? Infinity);
    // A row reaches a time when its last assumed moment, a millisecond before its close, does.
    if (dueMs < Infinity) next = Math.max(after, rowAt(candles, (dueMs - candles.stepMs + 1) / 1_000));
    for (const { conditions, afterMs } of this.#lot.conditions) {
      next = this.#nextHolding(conditions, afterMs, after, next);
    }
    next = candles.pyramid.nextOutside(after, next, floor, ceiling);
    this.#equity.pass(after, next, floor, ceiling);
    return next;
  }

  #nextHolding(
    conditions: ParkingLot['conditions'][number]['conditions'],
    afterMs: number | null,
    from: number,
    before: number,
  ): number {
    const { candles } = this.#test;
    const holding = this.#test.conditions.holding(conditions);
    let first = from;
    if (afterMs !== null) {
      const stepMs = renewalMs(conditions, candles.stepMs);
      const renewedMs = lastCloseMs(afterMs, stepMs) + stepMs;
      first = Math.max(from, rowAt(candles, renewedMs / 1_000));
    }
    if (first >= before) return before;
    const row = holding.indexOf(1, first);
    return row < 0 ? before : Math.min(row, before);
  }

  #exactPrice(): Price {
    // Candle prices are whole units of the market's price scale.
    return BigInt(this.#price) as Price;
  }
}
