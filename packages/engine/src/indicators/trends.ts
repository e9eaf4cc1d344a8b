import { WilderAverage } from './averages.ts';
import type { Bar, Indicator } from './bar.ts';
import { Window } from './window.ts';

export type AverageTrueRangeForm = 'price' | 'percent';

/** Average true range after Wilder; `percent` divides by the close, so that one setting fits every market. */
export class AverageTrueRange implements Indicator {
  readonly #average: WilderAverage;
  readonly #form: AverageTrueRangeForm;
  #last = Number.NaN;

  constructor(period: number, form: AverageTrueRangeForm) {
    this.#average = new WilderAverage(period);
    this.#form = form;
  }

  next(bar: Bar): number {
    // The first candle has no close before it: its range is its true range (Achelis, p. 70).
    const low = Number.isNaN(this.#last) ? bar.low : Math.min(bar.low, this.#last);
    const high = Number.isNaN(this.#last) ? bar.high : Math.max(bar.high, this.#last);
    this.#last = bar.close;
    const average = this.#average.update(high - low);
    return this.#form === 'price' ? average : (100 * average) / bar.close;
  }
}

/**
 * Parabolic stop and reverse (Wilder), given as close − SAR: above zero in an up-trend, so a reversal is a
 * crossing of zero. The first direction is that of the middle of the first two candles.
 */
export class ParabolicStop implements Indicator {
  readonly #step: number;
  readonly #max: number;
  #before: Bar | undefined;
  #twoBefore: Bar | undefined;
  #rising = true;
  #stop = Number.NaN;
  #extreme = Number.NaN;
  #acceleration = 0;

  constructor(step: number, max: number) {
    this.#step = step;
    this.#max = max;
  }

  next(bar: Bar): number {
    const stop = this.stopOf(bar);
    return bar.close - stop;
  }

  /** The stop for this candle itself. */
  stopOf(bar: Bar): number {
    const before = this.#before;
    if (before === undefined) {
      this.#before = { ...bar };
      return Number.NaN;
    }
    if (Number.isNaN(this.#stop)) this.#begin(before, bar);
    this.#move(before);
    // The extreme of the candle that reverses still belongs to the trend it ends.
    this.#accelerate(bar);
    if (this.#rising ? bar.low < this.#stop : bar.high > this.#stop) this.#reverse(bar);
    this.#twoBefore = before;
    this.#before = { ...bar };
    return this.#stop;
  }

  #begin(first: Bar, second: Bar): void {
    this.#rising = first.high + first.low <= second.high + second.low;
    this.#stop = this.#rising ? first.low : first.high;
    this.#extreme = this.#rising ? first.high : first.low;
    this.#acceleration = this.#step;
  }

  /** Moves the stop towards the extreme, but not into the two candles before. */
  #move(before: Bar): void {
    this.#stop += this.#acceleration * (this.#extreme - this.#stop);
    const twoBefore = this.#twoBefore ?? before;
    this.#stop = this.#rising
      ? Math.min(this.#stop, before.low, twoBefore.low)
      : Math.max(this.#stop, before.high, twoBefore.high);
  }

  #reverse(bar: Bar): void {
    this.#stop = this.#extreme;
    this.#rising = !this.#rising;
    this.#extreme = this.#rising ? bar.high : bar.low;
    this.#acceleration = this.#step;
  }

  #accelerate(bar: Bar): void {
    const further = this.#rising ? bar.high > this.#extreme : bar.low < this.#extreme;
    if (!further) return;
    this.#extreme = this.#rising ? bar.high : bar.low;
    this.#acceleration = Math.min(this.#acceleration + this.#step, this.#max);
  }
}

/** Length of the current run of Heikin-Ashi candles of one colour: 3 is the third green one, −2 the second red. */
export class HeikinAshiRun implements Indicator {
  #open = Number.NaN;
  #close = Number.NaN;
  #run = 0;

  next(bar: Bar): number {
    const open = Number.isNaN(this.#open) ? (bar.open + bar.close) / 2 : (this.#open + this.#close) / 2;
    this.#open = open;
    this.#close = (bar.open + bar.high + bar.low + bar.close) / 4;
    const colour = Math.sign(this.#close - open);
    if (colour !== 0) this.#run = Math.sign(this.#run) === colour ? this.#run + colour : colour;
    return this.#run;
  }
}

/**
 * How far the close is from the last base, in percent: −3 is three percent below it. A base is a low that no candle
 * undercut in the `period` candles before it and the `period` after it, so it is known `period` candles late. That is
 * the base of "quick fingers" strategies, which buy what falls through it; they publish no reference values.
 */
export class BaseDistance implements Indicator {
  readonly #lows: number[] = [];
  readonly #period: number;
  #base = Number.NaN;

  constructor(period: number) {
    this.#period = period;
  }

  next(bar: Bar): number {
    this.#lows.push(bar.low);
    if (this.#lows.length > 2 * this.#period + 1) this.#lows.shift();
    const middle = this.#lows[this.#period];
    const isWhole = this.#lows.length === 2 * this.#period + 1;
    if (isWhole && middle !== undefined && this.#lows.every((low) => low >= middle)) this.#base = middle;
    return (bar.close / this.#base - 1) * 100;
  }
}

/** Volume of the last `period` candles together. */
export class VolumeSum implements Indicator {
  readonly #volumes: Window;

  constructor(period: number) {
    this.#volumes = new Window(period);
  }

  next(bar: Bar): number {
    this.#volumes.push(bar.volume);
    return this.#volumes.full ? this.#volumes.sum : Number.NaN;
  }
}

/** Quote turnover of the last `period` candles together, each at its close. */
export class TurnoverSum implements Indicator {
  readonly #turnovers: Window;

  constructor(period: number) {
    this.#turnovers = new Window(period);
  }

  next(bar: Bar): number {
    this.#turnovers.push(bar.close * bar.volume);
    return this.#turnovers.full ? this.#turnovers.sum : Number.NaN;
  }
}
