import type { Market } from '@counterfoil/vocabulary';
import type { Candles } from '../candles/candles.ts';
import type { PathRule } from '../fills/model.ts';
import { pathInto } from '../fills/path.ts';

/** Points of the equity curve that a report keeps; a year of candles gives one every eighteen hours. */
const SAMPLES_MAX = 500;

/** What an account holds, in units; both forms of a number give the same statistics. */
export interface Holdings {
  readonly totalQuote: bigint | number;
  readonly totalBase: bigint | number;
}

export interface EquityResult {
  /** Largest fall from a peak, in quote units and as a fraction of the peak. */
  readonly drawdown: number;
  readonly drawdownRate: number;
  /** Equity in quote units at the close of every `sampleRows` rows. */
  readonly samples: Float64Array;
  readonly sampleRows: number;
  /** Rows at whose close the account held more or less base than at the start. */
  readonly exposedRows: number;
}

/** Stretches that may wait before their highest worth is looked up, five numbers each; few ever need it. */
const STRETCHES_MAX = 64;
const STRETCH = 5;

/**
 * Follows what the account is worth at every assumed price of every candle. Statistics, not money: doubles.
 *
 * While nothing is traded the worth is cash + base × price, so whole stretches of candles are passed over when even
 * their lowest price after their highest could not deepen the drawdown. How high the peak was in them is looked up
 * only when a later fall could matter. The result is the same as looking at each (property-tested).
 */
export class Equity {
  readonly #candles: Candles;
  readonly #rule: PathRule;
  readonly #wallet: Holdings;
  readonly #scale: number;
  readonly #path = new Float64Array(4);
  readonly #samples: Float64Array;
  readonly #sampleRows: number;
  readonly #baseAtStart: number;
  #cash = 0;
  #base = 0;
  #peak = -Infinity;
  /** The peak is at least `#peak` and at most this: what lies between is in `#pending`. */
  #peakMost = -Infinity;
  /** Stretches of candles whose highest worth is not looked up yet: from, to, cash, base, and what it is at most. */
  readonly #pending = new Float64Array(STRETCHES_MAX * STRETCH);
  #waiting = 0;
  #drawdown = 0;
  #drawdownRate = 0;
  #exposedRows = 0;
  #nextSample = 0;

  constructor(candles: Candles, market: Market, rule: PathRule, wallet: Holdings) {
    this.#candles = candles;
    this.#rule = rule;
    this.#wallet = wallet;
    this.#scale = 10 ** (market.quoteScale - market.priceScale - market.quantityScale);
    this.#sampleRows = Math.max(1, Math.ceil(candles.length / SAMPLES_MAX));
    this.#samples = new Float64Array(Math.ceil(candles.length / this.#sampleRows));
    this.#baseAtStart = Number(wallet.totalBase) * this.#scale;
    this.traded();
  }

  get result(): EquityResult {
    return {
      drawdown: this.#drawdown,
      drawdownRate: this.#drawdownRate,
      samples: this.#samples,
      sampleRows: this.#sampleRows,
      exposedRows: this.#exposedRows,
    };
  }

  /** The wallet has changed. */
  traded(): void {
    this.#cash = Number(this.#wallet.totalQuote);
    this.#base = Number(this.#wallet.totalBase) * this.#scale;
  }

  worthAt(price: number): number {
    return this.#cash + this.#base * price;
  }

  mark(price: number): void {
    const worth = this.#cash + this.#base * price;
    if (worth >= this.#peakMost) this.#settlePeak(worth);
    else if (worth > this.#peak) this.#peak = worth;
    else if (!this.#isShallow(this.#peakMost - worth)) {
      this.#resolvePeak();
      this.#deepen(worth);
    }
  }

  /** A row is over. */
  closeRow(row: number): void {
    if (this.#base !== this.#baseAtStart) this.#exposedRows++;
    this.#sampleUpTo(row + 1);
  }

  /** The rows `from` to `to` pass without a trade, all their prices above `floor` and below `ceiling`. */
  pass(from: number, to: number, floor: number, ceiling: number): void {
    if (from >= to) return;
    // Without base the worth does not move; it was looked at when the last trade was done.
    if (this.#base !== 0) this.#passHolding(from, to, floor, ceiling);
    if (this.#base !== this.#baseAtStart) this.#exposedRows += to - from;
    this.#sampleUpTo(to);
  }

  #passHolding(from: number, to: number, floor: number, ceiling: number): void {
    const top = this.#cash + this.#base * ceiling;
    const most = top > this.#peakMost ? top : this.#peakMost;
    if (!this.#isShallow(most - (this.#cash + this.#base * floor))) {
      if (!this.#passClosely(from, to)) this.#passRows(from, to);
      return;
    }
    if (top <= this.#peak) return;
    if (this.#waiting === this.#pending.length) this.#resolvePeak();
    this.#peakMost = most;
    const pending = this.#pending;
    pending[this.#waiting++] = from;
    pending[this.#waiting++] = to;
    pending[this.#waiting++] = this.#cash;
    pending[this.#waiting++] = this.#base;
    pending[this.#waiting++] = top;
  }

  /** Passes the rows by their own lowest and highest price, which lie within the bounds; false where that fails. */
  #passClosely(from: number, to: number): boolean {
    const { pyramid } = this.#candles;
    const top = this.#cash + this.#base * pyramid.highestIn(from, to);
    const bottom = this.#cash + this.#base * pyramid.lowestIn(from, to);
    if (!this.#isShallow((top > this.#peakMost ? top : this.#peakMost) - bottom)) return false;
    if (top >= this.#peakMost) this.#settlePeak(top);
    else if (top > this.#peak) this.#peak = top;
    return true;
  }

  #passRows(from: number, to: number): void {
    this.#resolvePeak();
    this.#candles.pyramid.walk(from, to, this.#passBlock, this.#passRow);
    this.#peakMost = this.#peak;
  }

  /** Whether a fall from the highest that the peak may be is too small to matter, whatever the peak is exactly. */
  #isShallow(fall: number): boolean {
    return fall <= this.#drawdown && fall <= this.#drawdownRate * this.#peak;
  }

  #settlePeak(peak: number): void {
    this.#peak = peak;
    this.#peakMost = peak;
    this.#waiting = 0;
  }

  /** Looks up how high the worth was in the stretches that were passed on their bounds alone, latest first. */
  #resolvePeak(): void {
    const pending = this.#pending;
    const { pyramid } = this.#candles;
    let peak = this.#peak;
    for (let i = this.#waiting - STRETCH; i >= 0; i -= STRETCH) {
      // Mostly the latest stretch went highest, and the bounds of the earlier ones lie below. Read in place, in bounds:
      // this runs some fifty times a year of candles, and a view would cost more than the look-up.
      if ((pending[i + 4] as number) <= peak) continue;
      const highest = pyramid.highestIn(pending[i] as number, pending[i + 1] as number);
      peak = Math.max(peak, (pending[i + 2] as number) + (pending[i + 3] as number) * highest);
    }
    this.#settlePeak(peak);
  }

  readonly #passBlock = (lowest: number, highest: number): boolean => {
    const top = this.#cash + this.#base * highest;
    const bottom = this.#cash + this.#base * lowest;
    const peak = top > this.#peak ? top : this.#peak;
    if (peak - bottom > this.#drawdown || peak - bottom > this.#drawdownRate * peak) return false;
    this.#peak = peak;
    return true;
  };

  readonly #passRow = (row: number): void => {
    const { open, high, low, close } = this.#candles;
    // In bounds: the walk stays within the candles.
    const count = pathInto(
      this.#path,
      this.#rule,
      open[row] as number,
      high[row] as number,
      low[row] as number,
      close[row] as number,
    );
    for (let point = 0; point < count; point++) {
      const worth = this.#cash + this.#base * (this.#path[point] as number);
      if (worth > this.#peak) this.#peak = worth;
      else this.#deepen(worth);
    }
  };

  #deepen(worth: number): void {
    const fall = this.#peak - worth;
    if (fall > this.#drawdown) this.#drawdown = fall;
    if (fall > this.#drawdownRate * this.#peak) this.#drawdownRate = fall / this.#peak;
  }

  #sampleUpTo(rows: number): void {
    while (this.#nextSample < rows) {
      const price = this.#candles.close[this.#nextSample] ?? 0;
      this.#samples[this.#nextSample / this.#sampleRows] = this.#cash + this.#base * price;
      this.#nextSample += this.#sampleRows;
    }
  }
}
