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

/**
 * Follows what the account is worth at every assumed price of every candle. Statistics, not money: doubles.
 *
 * While nothing is traded the worth is cash + base × price, so whole blocks of candles are passed over when even
 * their lowest low after their highest high could not deepen the drawdown; the result is the same as looking at
 * each (property-tested).
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
    if (worth > this.#peak) this.#peak = worth;
    else this.#deepen(worth);
  }

  /** A row is over. */
  closeRow(row: number): void {
    if (this.#base !== this.#baseAtStart) this.#exposedRows++;
    this.#sampleUpTo(row + 1);
  }

  /** The rows `from` to `to` pass without a trade. */
  pass(from: number, to: number): void {
    if (from >= to) return;
    this.#candles.pyramid.walk(from, to, this.#passBlock, this.#passRow);
    if (this.#base !== this.#baseAtStart) this.#exposedRows += to - from;
    this.#sampleUpTo(to);
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
    for (let point = 0; point < count; point++) this.mark(this.#path[point] as number);
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
