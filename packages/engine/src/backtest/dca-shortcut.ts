import type { Amount, Market, Quantity } from '@counterfoil/vocabulary';
import type { Candles } from '../candles/candles.ts';
import type { FillModel } from '../fills/model.ts';
import { pathInto, pathTimeMs } from '../fills/path.ts';
import type { DcaOptions } from '../machines/dca/options.ts';
import { shortcutPlan, type ShortcutPlan } from './dca-shortcut-plan.ts';
import { Equity, type EquityResult } from './equity.ts';
import { ceilOf, divideHalfEven, EXACT_MAX, floorOf } from './exact-numbers.ts';

export interface ShortcutRequest {
  readonly options: DcaOptions;
  readonly market: Market;
  readonly candles: Candles;
  readonly model: FillModel;
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
 * A plain long DCA bot without the machine: for sweeps, where the same simple bot runs thousands of times. It is not
 * a second definition of the bot: property tests hold it equal, fill for fill and in every statistic, to the machine
 * on the path that walks every candle.
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
  readonly #path = new Float64Array(4);
  readonly #profits: number[] = [];
  totalQuote: number;
  totalBase: number;
  #fills = 0;
  #volumeLeft = Infinity;
  #price = 0;
  #nowMs = 0;
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
  }

  run(): ShortcutResult | null {
    const { candles } = this.#request;
    const worthAtStart = this.#equity.worthAt(candles.open[0] ?? 0);
    for (let row = 0; row < candles.length;) {
      this.#walkRow(row);
      if (this.#failed) return null;
      const next = candles.pyramid.nextOutside(row + 1, candles.length, this.#buyLevel, this.#sellLevel);
      this.#equity.pass(row + 1, next);
      row = next;
      this.#price = candles.close[next - 1] ?? 0;
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

  #walkRow(row: number): void {
    const { candles, model } = this.#request;
    const openedAtMs = (candles.openedAtS[row] ?? 0) * 1_000;
    this.#beginCandle(candles.volume[row] ?? 0);
    const points = pathInto(
      this.#path,
      model.path,
      candles.open[row] ?? 0,
      candles.high[row] ?? 0,
      candles.low[row] ?? 0,
      candles.close[row] ?? 0,
    );
    for (let point = 0; point < points && !this.#failed; point++) {
      this.#nowMs = pathTimeMs(openedAtMs, candles.stepMs, point, points);
      const price = this.#path[point] ?? 0;
      if (point === 0) this.#instant(price);
      else this.#moveTo(price);
      this.#equity.mark(price);
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
  }

  /** What happens at one price: averaging orders it went through, the target, and the next deal at once. */
  #instant(price: number): void {
    this.#price = price;
    if (this.#quantity > 0 && price >= this.#sellLevel) this.#takeTarget();
    let averaged = false;
    while (price <= this.#buyLevel && !this.#failed) {
      this.#average();
      averaged = true;
    }
    if (averaged) this.#placeTarget();
    if (this.#quantity === 0 && !this.#failed) this.#begin();
  }

  #begin(): void {
    const { tick, lot, worse, excess, baseMoney, takerFee } = this.#plan;
    const taker = Math.ceil(ceilOf(this.#price, worse) / tick) * tick;
    const quantity = Math.floor(Math.floor((baseMoney * excess) / this.#price) / lot) * lot;
    if (!this.#passes(Math.floor(this.#price / tick) * tick, quantity)) return this.#fail();
    const amount = Math.ceil((taker * quantity) / excess);
    this.#steps = 0;
    this.#buy('base', taker, quantity, amount, ceilOf(amount, takerFee));
    this.#layLadder();
    this.#placeTarget();
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
    this.#useVolume(this.#quantity);
    this.totalQuote += amount - fee;
    this.totalBase -= this.#quantity;
    this.#told('tp1', this.#target, this.#quantity, amount, fee);
    this.#profits.push(amount - this.#entered - this.#fees - fee);
    this.#entered = 0;
    this.#quantity = 0;
    this.#fees = 0;
    this.#buyLevel = -Infinity;
    this.#sellLevel = Infinity;
  }

  #placeTarget(): void {
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
    this.#request.onFill?.({ order, price, quantity, amount, fee, atMs: this.#nowMs });
  }

  #beginCandle(volume: number): void {
    const { volumeShare, lot } = this.#plan;
    if (volumeShare === null) return;
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
