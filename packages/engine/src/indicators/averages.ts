import type { Bar, Indicator } from './bar.ts';
import { Window } from './window.ts';

/** Simple moving average of the close. */
export class SimpleAverage implements Indicator {
  readonly #window: Window;

  constructor(period: number) {
    this.#window = new Window(period);
  }

  next(bar: Bar): number {
    this.#window.push(bar.close);
    return this.#window.full ? this.#window.mean : Number.NaN;
  }
}

/** Exponential moving average with weight 2 / (period + 1), begun at the first value (Achelis, p. 209). */
export class ExponentialAverage implements Indicator {
  readonly #weight: number;
  readonly #warmUp: number;
  #value = Number.NaN;
  #seen = 0;

  /** Answers from the `period`-th candle on, so that a young average does not trade on one close. */
  constructor(period: number, weight = 2 / (period + 1)) {
    this.#weight = weight;
    this.#warmUp = period;
  }

  next(bar: Bar): number {
    const value = this.update(bar.close);
    return this.#seen >= this.#warmUp ? value : Number.NaN;
  }

  /** The average including `value`, warm or not. */
  update(value: number): number {
    this.#seen++;
    this.#value = Number.isNaN(this.#value) ? value : this.#value + this.#weight * (value - this.#value);
    return this.#value;
  }
}

/** Wilder's smoothing: the mean of the first `period` values, then weight 1 / period. `NaN` until then. */
export class WilderAverage {
  readonly #period: number;
  #value = 0;
  #seen = 0;

  constructor(period: number) {
    this.#period = period;
  }

  update(value: number): number {
    this.#seen++;
    if (this.#seen <= this.#period) {
      this.#value += value / this.#period;
      return this.#seen === this.#period ? this.#value : Number.NaN;
    }
    this.#value += (value - this.#value) / this.#period;
    return this.#value;
  }
}

/** Fast less slow average of the close: above zero while the fast one is on top, so a cross is a crossing of zero. */
export class AverageCross implements Indicator {
  readonly #fast: Indicator;
  readonly #slow: Indicator;

  constructor(fast: Indicator, slow: Indicator) {
    this.#fast = fast;
    this.#slow = slow;
  }

  next(bar: Bar): number {
    const fast = this.#fast.next(bar);
    return fast - this.#slow.next(bar);
  }
}
