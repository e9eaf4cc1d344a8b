import type { Amount, Market, Quantity } from '@counterfoil/vocabulary';
import { type Candles, rowAt } from '../candles/candles.ts';
import type { FillModel } from '../fills/model.ts';
import { isHighFirst, pathTimeMs } from '../fills/path.ts';
import type { DcaOptions } from '../machines/dca/options.ts';
import { type ConditionSeries, lastCloseMs, renewalMs } from './condition-series.ts';
import { shortcutPlan, type ShortcutPlan } from './dca-shortcut-plan.ts';
import { Equity, type EquityResult } from './equity.ts';
import { ceilOf, divideHalfEven, EXACT_MAX, floorOf } from './exact-numbers.ts';

export interface ShortcutRequest {
  readonly options: DcaOptions;
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

/**
 * A plain long DCA bot, or a bot that enters and leaves by indicators, without the machine: for sweeps, where the same
 * simple bot runs thousands of times. It is not a second definition of the bot: property tests hold it equal, fill for
 * fill and in every statistic, to the machine on the path that walks every candle.
 *
 * Null when the bot is not that simple, when its numbers could leave the exact range of doubles, and when something
 * happens that only the machine knows how to meet (too little money, volume or order size): run the machine then.
 */
export function runDcaShortcut(request: ShortcutRequest): ShortcutResult | null {
  const plan = shortcutPlan(request.options, request.market, request.candles, request.model);
  if (plan === null) return null;
  return new Shortcut(request, plan).run();
}

class Shortcut {
  readonly #request: ShortcutRequest;
  readonly #plan: ShortcutPlan;
  readonly #equity: Equity;
  readonly #startHolds: Uint8Array | null;
  readonly #closeHolds: Uint8Array | null;
  readonly #profits: number[] = [];
  totalQuote: number;
  totalBase: number;
  #fills = 0;
  #volumeLeft = Infinity;
  #price = 0;
  #row = 0;
  /** Which of the four points of the row's path is being reached. */
  #point = 0;
  /** First row in which conditions that closed a candle after the deal began can close it. */
  #closeFrom = 0;
  #failed = false;
  #basePrice = 0;
  #steps = 0;
  #stepPrice = 0;
  #stepQuantity = 0;
  #entered = 0;
  #quantity = 0;
  #fees = 0;
  #target = 0;
  /** The next price below at which an averaging order fills, and above at which the target does. */
  #buyLevel = -Infinity;
  #sellLevel = Infinity;

  constructor(request: ShortcutRequest, plan: ShortcutPlan) {
    this.#request = request;
    this.#plan = plan;
    this.totalQuote = Number(request.quote);
    this.totalBase = Number(request.base);
    this.#equity = new Equity(request.candles, request.market, request.model.path, this);
    this.#startHolds = plan.start.length === 0 ? null : request.conditions.holding(plan.start);
    this.#closeHolds = plan.close.length === 0 ? null : request.conditions.holding(plan.close);
  }

  run(): ShortcutResult | null {
    const { candles } = this.#request;
    const worthAtStart = this.#equity.worthAt(candles.open[0] ?? 0);
    for (let row = 0; row < candles.length;) {
      this.#walkRow(row);
      if (this.#failed) return null;
      row = this.#jumpFrom(row + 1);
      this.#price = candles.close[row - 1] ?? 0;
    }
    return {
      fills: this.#fills,
      profits: this.#profits,
      equity: this.#equity.result,
      worthAtStart,
      worthAtEnd: this.#equity.worthAt(this.#price),
      totalQuote: this.totalQuote,
      totalBase: this.totalBase,
    };
  }

  /** The next row in which a level or a condition can do something; what lies between is passed over. */
  #jumpFrom(row: number): number {
    const { candles } = this.#request;
    const holds = this.#quantity === 0 ? this.#startHolds : this.#closeHolds;
    let before = candles.length;
    if (holds !== null) {
      const next = holds.indexOf(1, this.#quantity === 0 ? row : Math.max(row, this.#closeFrom));
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
    const { candles, model } = this.#request;
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
    this.#moveTo(1, highFirst ? high : low);
    this.#moveTo(2, highFirst ? low : high);
    this.#moveTo(3, close);
    this.#equity.closeRow(row);
  }

  #moveTo(point: number, target: number): void {
    this.#point = point;
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
    if (this.#quantity > 0 && price >= this.#sellLevel) this.#takeTarget();
    let averaged = false;
    while (price <= this.#buyLevel && !this.#failed) {
      this.#average();
      averaged = true;
    }
    if (averaged) this.#placeTarget();
    if (this.#quantity > 0 && this.#row >= this.#closeFrom && this.#closeHolds?.[this.#row] === 1)
      this.#close();
    const starts = this.#startHolds === null || this.#startHolds[this.#row] === 1;
    if (this.#quantity === 0 && starts && !this.#failed) this.#begin();
  }

  #begin(): void {
    const { tick, lot, worse, excess, baseMoney, takerFee, makerFee } = this.#plan;
    const taker = Math.ceil(ceilOf(this.#price, worse) / tick) * tick;
    const quantity = Math.floor(Math.floor((baseMoney * excess) / this.#price) / lot) * lot;
    if (!this.#passes(Math.floor(this.#price / tick) * tick, quantity)) return this.#fail();
    const amount = Math.ceil((taker * quantity) / excess);
    // The venue sets the dearer fee aside before it knows which it will be.
    if (amount + Math.max(ceilOf(amount, takerFee), ceilOf(amount, makerFee)) > this.totalQuote)
      return this.#fail();
    this.#steps = 0;
    this.#buy('base', taker, quantity, amount, ceilOf(amount, takerFee));
    this.#layLadder();
    this.#placeTarget();
    if (this.#closeHolds !== null) this.#closeFrom = this.#firstRenewal();
  }

  /** The row that opens with the first candle of the closing conditions that closes after this moment. */
  #firstRenewal(): number {
    const { candles } = this.#request;
    const stepMs = renewalMs(this.#plan.close, candles.stepMs);
    return rowAt(candles, (lastCloseMs(this.#nowMs, stepMs) + stepMs) / 1_000);
  }

  get #nowMs(): number {
    const { candles } = this.#request;
    return pathTimeMs((candles.openedAtS[this.#row] ?? 0) * 1_000, candles.stepMs, this.#point, 4);
  }

  /** The average that the ladder counts from; all of it must be affordable, whatever the steps come to exactly. */
  #layLadder(): void {
    this.#basePrice = divideHalfEven(this.#entered * this.#plan.excess, this.#quantity);
    if (this.#plan.ladderMost > this.totalQuote) this.#fail();
    this.#nextStep();
  }

  /** Price and size of the next averaging order; the machine has them all resting, which makes no difference. */
  #nextStep(): void {
    const { stepFactors, stepMoney, tick, lot, excess } = this.#plan;
    const factor = stepFactors[this.#steps];
    if (factor === undefined) {
      this.#buyLevel = -Infinity;
      return;
    }
    this.#stepPrice = Math.floor(floorOf(this.#basePrice, factor) / tick) * tick;
    this.#buyLevel = this.#stepPrice - tick;
    if (this.#stepPrice <= 0) return this.#fail();
    const money = stepMoney[this.#steps] ?? 0;
    this.#stepQuantity = Math.floor(Math.floor((money * excess) / this.#stepPrice) / lot) * lot;
  }

  #average(): void {
    const price = this.#stepPrice;
    const quantity = this.#stepQuantity;
    if (!this.#passes(price, quantity)) return this.#fail();
    const amount = Math.ceil((price * quantity) / this.#plan.excess);
    this.#steps++;
    this.#buy(`avg${this.#steps}`, price, quantity, amount, ceilOf(amount, this.#plan.makerFee));
    this.#nextStep();
  }

  #takeTarget(): void {
    const amount = Math.floor((this.#target * this.#quantity) / this.#plan.excess);
    const fee = ceilOf(amount, this.#plan.makerFee);
    this.#sell('tp1', this.#target, amount, fee);
  }

  /** Everything at market, at what a taker gets. */
  #close(): void {
    const { tick, better, excess, takerFee } = this.#plan;
    const taker = Math.floor(floorOf(this.#price, better) / tick) * tick;
    const product = this.#price * this.#quantity;
    // A deal without a target may grow beyond what the plan has proven exact.
    if (Math.max(product, (product / excess) * takerFee.numerator) >= EXACT_MAX) return this.#fail();
    if (!this.#passes(Math.floor(this.#price / tick) * tick, this.#quantity)) return this.#fail();
    const amount = Math.floor((taker * this.#quantity) / excess);
    this.#sell('close', taker, amount, ceilOf(amount, takerFee));
  }

  #sell(order: string, price: number, amount: number, fee: number): void {
    this.#useVolume(this.#quantity);
    this.totalQuote += amount - fee;
    this.totalBase -= this.#quantity;
    this.#told(order, price, this.#quantity, amount, fee);
    this.#profits.push(amount - this.#entered - this.#fees - fee);
    this.#entered = 0;
    this.#quantity = 0;
    this.#fees = 0;
    this.#buyLevel = -Infinity;
    this.#sellLevel = Infinity;
  }

  #placeTarget(): void {
    if (this.#plan.target === null) return;
    const wanted = this.#entered + ceilOf(this.#entered, this.#plan.target);
    const price = Math.ceil((wanted * this.#plan.excess) / this.#quantity);
    this.#target = Math.ceil(price / this.#plan.tick) * this.#plan.tick;
    this.#sellLevel = this.#target + this.#plan.tick;
  }

  #buy(order: string, price: number, quantity: number, amount: number, fee: number): void {
    this.#useVolume(quantity);
    this.totalQuote -= amount + fee;
    this.totalBase += quantity;
    if (this.totalQuote < 0) this.#fail();
    this.#entered += amount;
    this.#quantity += quantity;
    this.#fees += fee;
    this.#told(order, price, quantity, amount, fee);
  }

  #told(order: string, price: number, quantity: number, amount: number, fee: number): void {
    this.#fills++;
    this.#equity.traded();
    const { onFill } = this.#request;
    if (onFill !== undefined) onFill({ order, price, quantity, amount, fee, atMs: this.#nowMs });
  }

  #beginCandle(row: number): void {
    const { volumeShare, lot } = this.#plan;
    if (volumeShare === null) return;
    const volume = this.#request.candles.volume[row] ?? 0;
    if (volume * volumeShare.numerator >= EXACT_MAX) this.#fail();
    this.#volumeLeft = Math.floor(floorOf(volume, volumeShare) / lot) * lot;
  }

  /** An order that the candle's volume does not suffice for is filled in parts: only the machine does that. */
  #useVolume(quantity: number): void {
    this.#volumeLeft -= quantity;
    if (this.#volumeLeft < 0) this.#fail();
  }

  #passes(price: number, quantity: number): boolean {
    const { quantityMin, notionalMin, excess } = this.#plan;
    return quantity >= quantityMin && quantity > 0 && Math.floor((price * quantity) / excess) >= notionalMin;
  }

  #fail(): void {
    this.#failed = true;
  }
}
