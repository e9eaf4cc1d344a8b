import { ExponentialAverage, WilderAverage } from './averages.ts';
import type { Bar, Indicator } from './bar.ts';
import { Window } from './window.ts';

/** Relative strength index after Wilder (New Concepts in Technical Trading Systems, 1978). */
export class RelativeStrength implements Indicator {
  readonly #gains: WilderAverage;
  readonly #losses: WilderAverage;
  #last = Number.NaN;

  constructor(period: number) {
    this.#gains = new WilderAverage(period);
    this.#losses = new WilderAverage(period);
  }

  next(bar: Bar): number {
    const change = bar.close - this.#last;
    this.#last = bar.close;
    if (Number.isNaN(change)) return Number.NaN;
    const gain = this.#gains.update(Math.max(change, 0));
    const loss = this.#losses.update(Math.max(-change, 0));
    // A market that has not moved at all is neither strong nor weak.
    return gain + loss === 0 ? 50 : (100 * gain) / (gain + loss);
  }
}

export type MacdOutput = 'line' | 'signal' | 'histogram';

/** Moving average convergence / divergence (Appel); averages begun at the first value (Achelis, p. 202). */
export class ConvergenceDivergence implements Indicator {
  readonly #fast: ExponentialAverage;
  readonly #slow: ExponentialAverage;
  readonly #signal: ExponentialAverage;
  readonly #output: MacdOutput;
  readonly #slowPeriod: number;
  #seen = 0;

  constructor(fast: number, slow: number, signal: number, output: MacdOutput) {
    this.#fast = averageOf(fast);
    this.#slow = averageOf(slow);
    this.#signal = new ExponentialAverage(signal);
    this.#output = output;
    this.#slowPeriod = slow;
  }

  next(bar: Bar): number {
    const line = this.#fast.update(bar.close) - this.#slow.update(bar.close);
    if (++this.#seen < this.#slowPeriod) return Number.NaN;
    const signal = this.#signal.update(line);
    if (this.#output === 'line') return line;
    return this.#output === 'signal' ? signal : line - signal;
  }
}

/** MACD's 12 and 26 have published weights of 0.15 and 0.075, which differ from 2 / (period + 1). */
function averageOf(period: number): ExponentialAverage {
  if (period === 12) return new ExponentialAverage(period, 0.15);
  return period === 26 ? new ExponentialAverage(period, 0.075) : new ExponentialAverage(period);
}

/** Where the close stands between Bollinger's bands: 0 at the lower, 1 at the upper. */
export class BollingerPosition implements Indicator {
  readonly #closes: Window;
  readonly #deviations: number;

  constructor(period: number, deviations: number) {
    this.#closes = new Window(period);
    this.#deviations = deviations;
  }

  next(bar: Bar): number {
    this.#closes.push(bar.close);
    if (!this.#closes.full) return Number.NaN;
    const half = this.#deviations * this.#closes.deviation;
    return half === 0 ? 0.5 : (bar.close - this.#closes.mean + half) / (2 * half);
  }
}

/** Stochastic oscillator: %K smoothed over `smoothing`, or %D, its mean over `signal`. */
export class Stochastic implements Indicator {
  readonly #highs: Window;
  readonly #lows: Window;
  readonly #smoothed: Window;
  readonly #signal: Window;
  readonly #output: 'k' | 'd';

  constructor(period: number, smoothing: number, signal: number, output: 'k' | 'd') {
    this.#highs = new Window(period);
    this.#lows = new Window(period);
    this.#smoothed = new Window(smoothing);
    this.#signal = new Window(signal);
    this.#output = output;
  }

  next(bar: Bar): number {
    this.#highs.push(bar.high);
    this.#lows.push(bar.low);
    if (!this.#highs.full) return Number.NaN;
    const low = this.#lows.lowest;
    const range = this.#highs.highest - low;
    this.#smoothed.push(range === 0 ? 50 : (100 * (bar.close - low)) / range);
    if (!this.#smoothed.full) return Number.NaN;
    const k = this.#smoothed.mean;
    this.#signal.push(k);
    if (this.#output === 'k') return k;
    return this.#signal.full ? this.#signal.mean : Number.NaN;
  }
}

/** Commodity channel index (Lambert), with the constant 0.015 on the mean distance. */
export class CommodityChannel implements Indicator {
  readonly #typical: Window;

  constructor(period: number) {
    this.#typical = new Window(period);
  }

  next(bar: Bar): number {
    const typical = (bar.high + bar.low + bar.close) / 3;
    this.#typical.push(typical);
    if (!this.#typical.full) return Number.NaN;
    const distance = this.#typical.meanDistance;
    return distance === 0 ? 0 : (typical - this.#typical.mean) / (0.015 * distance);
  }
}

/** Money flow index (Quong, Soudack): RSI's idea on typical price times volume. */
export class MoneyFlow implements Indicator {
  readonly #inflows: Window;
  readonly #outflows: Window;
  #last = Number.NaN;

  constructor(period: number) {
    this.#inflows = new Window(period);
    this.#outflows = new Window(period);
  }

  next(bar: Bar): number {
    const typical = (bar.high + bar.low + bar.close) / 3;
    const last = this.#last;
    this.#last = typical;
    if (Number.isNaN(last)) return Number.NaN;
    this.#inflows.push(typical > last ? typical * bar.volume : 0);
    this.#outflows.push(typical < last ? typical * bar.volume : 0);
    if (!this.#inflows.full) return Number.NaN;
    const flow = this.#inflows.sum + this.#outflows.sum;
    return flow === 0 ? 50 : (100 * this.#inflows.sum) / flow;
  }
}

/** Ultimate oscillator (Williams): buying pressure over three periods, weighted 4 : 2 : 1. */
export class UltimateOscillator implements Indicator {
  readonly #spans: readonly { readonly pressure: Window; readonly range: Window; readonly weight: number }[];
  #last = Number.NaN;

  constructor(short: number, middle: number, long: number) {
    this.#spans = [
      [short, 4],
      [middle, 2],
      [long, 1],
    ].map(([period = 1, weight = 1]) => ({
      pressure: new Window(period),
      range: new Window(period),
      weight,
    }));
  }

  next(bar: Bar): number {
    const last = this.#last;
    this.#last = bar.close;
    if (Number.isNaN(last)) return Number.NaN;
    const trueLow = Math.min(bar.low, last);
    const trueHigh = Math.max(bar.high, last);
    let weighted = 0;
    for (const { pressure, range, weight } of this.#spans) {
      pressure.push(bar.close - trueLow);
      range.push(trueHigh - trueLow);
      if (!range.full) weighted = Number.NaN;
      else weighted += weight * (range.sum === 0 ? 0.5 : pressure.sum / range.sum);
    }
    return (100 * weighted) / 7;
  }
}
