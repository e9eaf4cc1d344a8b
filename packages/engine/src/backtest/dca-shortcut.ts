import type { Amount, Market, Quantity } from '@counterfoil/vocabulary';
import { type Candles, rowAt } from '../candles/candles.ts';
import type { FillModel } from '../fills/model.ts';
import { isHighFirst, pathTimeMs } from '../fills/path.ts';
import type { DcaOptions } from '../machines/dca/options.ts';
import { type ConditionSeries, lastCloseMs, renewalMs } from './condition-series.ts';
import { shortcutPlan, type ShortcutPlan } from './dca-shortcut-plan.ts';
import { Equity, type EquityResult } from './equity.ts';
import { ceilOf, EXACT_MAX, floorOf, mulDivCeil, mulDivFloor, mulDivHalfEven } from './exact-numbers.ts';

/** What bots that are run together share. */
export interface ShortcutGround {
  readonly market: Market;
  readonly candles: Candles;
  readonly model: FillModel;
  /** Of the same candles; shared by a sweep's runs. */
  readonly conditions: ConditionSeries;
  readonly quote: Amount;
  readonly base: Quantity;
  /** Told each fill, for whoever compares; leave out in sweeps. */
  readonly onFill?: (fill: ShortcutFill) => void;
}

export interface ShortcutFill {
  readonly order: string;
  readonly price: number;
  readonly quantity: number;
  readonly amount: number;
  readonly fee: number;
  readonly atMs: number;
}

export interface ShortcutResult {
  readonly fills: number;
  /** Quote units that each closed deal gained, in order. */
  readonly profits: readonly number[];
  readonly equity: EquityResult;
  readonly worthAtStart: number;
  readonly worthAtEnd: number;
  readonly totalQuote: number;
  readonly totalBase: number;
}

/** What an order is for; averaging orders are numbered. */
type Role = 'base' | 'avg' | 'tp1' | 'close';

/** Candles that all bots pass before any goes on: they and their pyramid stay in a core's cache meanwhile. */
const ROWS_TOGETHER = 8_192;

/**
 * Plain long DCA bots, or bots that enter and leave by indicators, without the machine: for sweeps, where the same
 * simple bot runs thousands of times. This is not a second definition of the bot: property tests hold it equal, fill
 * for fill and in every statistic, to the machine on the path that walks every candle.
 *
 * Null for a bot that is not that simple, when its numbers could leave the exact range of doubles, and when something
 * happens that only the machine knows how to meet (too little money, volume or order size): run the machine then.
 */
export function runDcaShortcuts(
  ground: ShortcutGround,
  bots: readonly DcaOptions[],
): readonly (ShortcutResult | null)[] {
  const { market, candles, model } = ground;
  const runs = bots.map((options) => {
    const plan = shortcutPlan(options, market, candles, model);
    return plan === null ? null : new Shortcut(ground, plan);
  });
  for (let row = 0; row < candles.length; row += ROWS_TOGETHER) {
    for (const run of runs) run?.advance(Math.min(row + ROWS_TOGETHER, candles.length));
  }
  return runs.map((run) => run?.result ?? null);
}

class Shortcut {
  readonly #ground: ShortcutGround;
  readonly #plan: ShortcutPlan;
  readonly #equity: Equity;
  readonly #startHolds: Uint8Array | null;
  readonly #closeHolds: Uint8Array | null;
  readonly #profits: number[] = [];
  readonly #worthAtStart: number;
  totalQuote: number;
  totalBase: number;
  #fills = 0;
  #volumeLeft = Infinity;
  #price = 0;
  /** The row to walk next, and the one being walked. */
  #next = 0;
  #row = 0;
  /** Which of the four points of the row's path is being reached. */
  #point = 0;
  /** First row in which conditions that closed a candle after the deal began can close it. */
  #closeFrom = 0;
  #failed = false;
  #basePrice = 0;
  #steps = 0;
  /** Prices of orders are counted in ticks, and quantities in lots. */
  #stepTicks = 0;
  #entered = 0;
  #lots = 0;
  #fees = 0;
  #targetTicks = 0;
  /** The next price below at which an averaging order fills, and above at which the target does. */
  #buyLevel = -Infinity;
  #sellLevel = Infinity;

  constructor(ground: ShortcutGround, plan: ShortcutPlan) {
    this.#ground = ground;
    this.#plan = plan;
    this.totalQuote = Number(ground.quote);
    this.totalBase = Number(ground.base);
    if (this.totalQuote >= EXACT_MAX || this.totalBase >= EXACT_MAX) this.#fail();
    this.#equity = new Equity(ground.candles, ground.market, ground.model.path, this);
    this.#worthAtStart = this.#equity.worthAt(ground.candles.open[0] ?? 0);
    this.#startHolds = plan.start.length === 0 ? null : ground.conditions.holding(plan.start);
    this.#closeHolds = plan.close.length === 0 ? null : ground.conditions.holding(plan.close);
  }

  /** Goes on at least to the row `to`. */
  advance(to: number): void {
    const { candles } = this.#ground;
    while (this.#next < to && !this.#failed) {
      this.#walkRow(this.#next);
      this.#next = this.#jumpFrom(this.#next + 1);
      this.#price = candles.close[this.#next - 1] ?? 0;
    }
  }

  /** Once all candles are passed. */
  get result(): ShortcutResult | null {
    if (this.#failed) return null;
    return {
      fills: this.#fills,
      profits: this.#profits,
      equity: this.#equity.result,
      worthAtStart: this.#worthAtStart,
      worthAtEnd: this.#equity.worthAt(this.#price),
      totalQuote: this.totalQuote,
      totalBase: this.totalBase,
    };
  }

  /** The next row in which a level or a condition can do something; what lies between is passed over. */
  #jumpFrom(row: number): number {
    const { candles } = this.#ground;
    const holds = this.#lots === 0 ? this.#startHolds : this.#closeHolds;
    let before = candles.length;
    if (holds !== null) {
      const next = holds.indexOf(1, this.#lots === 0 ? row : Math.max(row, this.#closeFrom));
      if (next >= 0) before = next;
    }
    const hasLevels = this.#buyLevel > -Infinity || this.#sellLevel < Infinity;
    const next = hasLevels
      ? candles.pyramid.nextOutside(row, before, this.#buyLevel, this.#sellLevel)
      : before;
    this.#equity.pass(row, next, this.#buyLevel, this.#sellLevel);
    return next;
  }

  #walkRow(row: number): void {
    const { candles, model } = this.#ground;
    this.#row = row;
    this.#beginCandle(row);
    // In bounds: the caller stays within the candles.
    const open = candles.open[row] as number;
    const high = candles.high[row] as number;
    const low = candles.low[row] as number;
    const close = candles.close[row] as number;
    const highFirst =
      model.path === 'high-first' || (model.path === 'adaptive' && isHighFirst(open, high, low, close));
    this.#point = 0;
    this.#instant(open);
    this.#equity.mark(open);
    for (this.#point = 1; this.#point <= 3; this.#point++) {
      this.#moveTo(this.#point === 3 ? close : (this.#point === 1) === highFirst ? high : low);
    }
    this.#equity.closeRow(row);
  }

  #moveTo(target: number): void {
    const rising = target > this.#price;
    while (!this.#failed) {
      const level = rising ? this.#sellLevel : this.#buyLevel;
      if (rising ? level > target : level < target) break;
      this.#instant(level);
      this.#equity.mark(level);
    }
    this.#price = target;
    this.#equity.mark(target);
  }

  /** What happens at one price: orders that it went through, then closing by condition, then the next deal. */
  #instant(price: number): void {
    this.#price = price;
    if (this.#lots > 0 && price >= this.#sellLevel) this.#takeTarget();
    let averaged = false;
    while (price <= this.#buyLevel && !this.#failed) {
      this.#average();
      averaged = true;
    }
    if (averaged) this.#placeTarget();
    if (this.#lots > 0 && this.#row >= this.#closeFrom && this.#closeHolds?.[this.#row] === 1) this.#close();
    const starts = this.#startHolds === null || this.#startHolds[this.#row] === 1;
    if (this.#lots === 0 && starts && !this.#failed) this.#begin();
  }

  #begin(): void {
    const { tick, lot, excess, worse, baseMoney, takerFee, makerFee } = this.#plan;
    const ticks = mulDivCeil(this.#price, worse.numerator, worse.denominator);
    const lots = Math.floor(mulDivFloor(baseMoney, excess, this.#price) / lot);
    if (!this.#passes(Math.floor(this.#price / tick), lots)) return this.#fail();
    const amount = this.#cost(ticks, lots);
    const fee = ceilOf(amount, takerFee);
    // The venue sets the dearer fee aside before it knows which it will be.
    if (amount + Math.max(fee, ceilOf(amount, makerFee)) > this.totalQuote) return this.#fail();
    this.#steps = 0;
    this.#buy('base', ticks, lots, amount, fee);
    this.#layLadder();
    this.#placeTarget();
    if (this.#closeHolds !== null) this.#closeFrom = this.#firstRenewal();
  }

  /** The row that opens with the first candle of the closing conditions that closes after this moment. */
  #firstRenewal(): number {
    const { candles } = this.#ground;
    const stepMs = renewalMs(this.#plan.close, candles.stepMs);
    return rowAt(candles, (lastCloseMs(this.#nowMs, stepMs) + stepMs) / 1_000);
  }

  get #nowMs(): number {
    const { candles } = this.#ground;
    return pathTimeMs((candles.openedAtS[this.#row] ?? 0) * 1_000, candles.stepMs, this.#point, 4);
  }

  /** The average that the ladder counts from; all of it must be affordable, whatever the steps come to exactly. */
  #layLadder(): void {
    const { lot, excess, ladderMost } = this.#plan;
    this.#basePrice = mulDivHalfEven(this.#entered, excess, this.#lots * lot);
    if (ladderMost > this.totalQuote) this.#fail();
    this.#nextStep();
  }

  /** Price of the next averaging order; the machine has them all resting, which makes no difference. */
  #nextStep(): void {
    const { stepFactors, tick } = this.#plan;
    const factor = stepFactors[this.#steps];
    if (factor === undefined) {
      this.#buyLevel = -Infinity;
      return;
    }
    this.#stepTicks = floorOf(this.#basePrice, factor);
    this.#buyLevel = (this.#stepTicks - 1) * tick;
    if (this.#stepTicks <= 0) this.#fail();
  }

  #average(): void {
    const { stepMoney, unit, makerFee } = this.#plan;
    const ticks = this.#stepTicks;
    const lots = mulDivFloor(stepMoney[this.#steps] ?? 0, unit.denominator, ticks * unit.numerator);
    if (!this.#passes(ticks, lots)) return this.#fail();
    const amount = this.#cost(ticks, lots);
    this.#steps++;
    this.#buy('avg', ticks, lots, amount, ceilOf(amount, makerFee));
    this.#nextStep();
  }

  #takeTarget(): void {
    const amount = this.#proceeds(this.#targetTicks, this.#lots);
    this.#sell('tp1', this.#targetTicks, amount, ceilOf(amount, this.#plan.makerFee));
  }

  /** Everything at market, at what a taker gets. */
  #close(): void {
    const { tick, better, takerFee } = this.#plan;
    if (!this.#passes(Math.floor(this.#price / tick), this.#lots)) return this.#fail();
    const ticks = floorOf(this.#price, better);
    const amount = this.#proceeds(ticks, this.#lots);
    this.#sell('close', ticks, amount, ceilOf(amount, takerFee));
  }

  #sell(role: Role, ticks: number, amount: number, fee: number): void {
    const lots = this.#lots;
    this.#useVolume(lots);
    this.totalQuote += amount - fee;
    this.totalBase -= lots * this.#plan.lot;
    // A deal without a target, or a long row of gains, may grow beyond what doubles hold exactly.
    if (this.totalQuote >= EXACT_MAX) this.#fail();
    this.#told(role, ticks, lots, amount, fee);
    this.#profits.push(amount - this.#entered - this.#fees - fee);
    this.#entered = 0;
    this.#lots = 0;
    this.#fees = 0;
    this.#buyLevel = -Infinity;
    this.#sellLevel = Infinity;
  }

  #placeTarget(): void {
    const { target, unit, tick } = this.#plan;
    if (target === null) return;
    const wanted = this.#entered + ceilOf(this.#entered, target);
    this.#targetTicks = mulDivCeil(wanted, unit.denominator, this.#lots * unit.numerator);
    this.#sellLevel = (this.#targetTicks + 1) * tick;
  }

  #buy(role: Role, ticks: number, lots: number, amount: number, fee: number): void {
    this.#useVolume(lots);
    this.totalQuote -= amount + fee;
    this.totalBase += lots * this.#plan.lot;
    if (this.totalQuote < 0) this.#fail();
    this.#entered += amount;
    this.#lots += lots;
    this.#fees += fee;
    this.#told(role, ticks, lots, amount, fee);
  }

  #told(role: Role, ticks: number, lots: number, amount: number, fee: number): void {
    this.#fills++;
    this.#equity.traded();
    const { onFill } = this.#ground;
    if (onFill === undefined) return;
    const order = role === 'avg' ? `avg${this.#steps}` : role;
    const { tick, lot } = this.#plan;
    onFill({ order, price: ticks * tick, quantity: lots * lot, amount, fee, atMs: this.#nowMs });
  }

  #beginCandle(row: number): void {
    const { volumeShare } = this.#plan;
    if (volumeShare !== null) this.#volumeLeft = floorOf(this.#ground.candles.volume[row] ?? 0, volumeShare);
  }

  /** An order that the candle's volume does not suffice for is filled in parts: only the machine does that. */
  #useVolume(lots: number): void {
    this.#volumeLeft -= lots;
    if (this.#volumeLeft < 0) this.#fail();
  }

  #passes(ticks: number, lots: number): boolean {
    const { lotsMin, notionalMin } = this.#plan;
    return lots >= lotsMin && this.#proceeds(ticks, lots) >= notionalMin;
  }

  /** Quote units that a purchase costs, rounded as the venue does. */
  #cost(ticks: number, lots: number): number {
    const { unit } = this.#plan;
    return mulDivCeil(ticks, lots * unit.numerator, unit.denominator);
  }

  #proceeds(ticks: number, lots: number): number {
    const { unit } = this.#plan;
    return mulDivFloor(ticks, lots * unit.numerator, unit.denominator);
  }

  #fail(): void {
    this.#failed = true;
  }
}
