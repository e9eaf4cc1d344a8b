/** Rows per block on the first level; the second level has this many blocks per block. */
const FAN = 32;

/**
 * Lowest low and highest high per 32 and per 1,024 candles: finds the next candle that leaves a price range
 * without looking at those in between. Half a byte per candle and ten milliseconds per million to build.
 */
export class Pyramid {
  readonly #low: Float64Array;
  readonly #high: Float64Array;
  readonly #lows: readonly [Float64Array, Float64Array];
  readonly #highs: readonly [Float64Array, Float64Array];

  constructor(low: Float64Array, high: Float64Array) {
    this.#low = low;
    this.#high = high;
    const lows = blockwise(low, Math.min);
    const highs = blockwise(high, Math.max);
    this.#lows = [lows, blockwise(lows, Math.min)];
    this.#highs = [highs, blockwise(highs, Math.max)];
  }

  get bytes(): number {
    return 2 * (this.#lows[0].byteLength + this.#lows[1].byteLength);
  }

  /** Highest high of all. */
  get highest(): number {
    return this.#highs[1].reduce((most, one) => Math.max(most, one), -Infinity);
  }

  /** Lowest low of all. */
  get lowest(): number {
    return this.#lows[1].reduce((least, one) => Math.min(least, one), Infinity);
  }

  /** First row of `from` to `to` whose low is at or below `floor` or whose high is at or above `ceiling`; else `to`. */
  nextOutside(from: number, to: number, floor: number, ceiling: number): number {
    const low = this.#low;
    const high = this.#high;
    const [smallLows, largeLows] = this.#lows;
    const [smallHighs, largeHighs] = this.#highs;
    let row = from;
    while (row < to) {
      // A block that lies before `from` in part may be passed over too: its bounds only say too much.
      if (row % FAN === 0 || row === from) {
        const small = Math.floor(row / FAN);
        if (small % FAN === 0 || row === from) {
          const large = Math.floor(small / FAN);
          // Indexes here and below are in bounds: a block exists wherever one of its rows does.
          if ((largeLows[large] as number) > floor && (largeHighs[large] as number) < ceiling) {
            row = (large + 1) * FAN * FAN;
            continue;
          }
        }
        if ((smallLows[small] as number) > floor && (smallHighs[small] as number) < ceiling) {
          row = (small + 1) * FAN;
          continue;
        }
      }
      if ((low[row] as number) <= floor || (high[row] as number) >= ceiling) return row;
      row++;
    }
    return to;
  }

  /**
   * Walks the rows `from` to `to` in order, offering whole blocks first and their parts down to single rows when a
   * block is not passed. `passes` is told whether all rows of the block are meant, or only some: bounds of a block
   * in part say too much, so what it was asked must then hold for any of its rows.
   */
  walk(
    from: number,
    to: number,
    passes: (lowest: number, highest: number, whole: boolean) => boolean,
    visit: (row: number) => void,
  ): void {
    const [smallLows, largeLows] = this.#lows;
    const [smallHighs, largeHighs] = this.#highs;
    let row = from;
    while (row < to) {
      if (row % FAN === 0 || row === from) {
        const small = Math.floor(row / FAN);
        if (small % FAN === 0 || row === from) {
          const large = Math.floor(small / FAN);
          const end = (large + 1) * FAN * FAN;
          const whole = row === large * FAN * FAN && end <= to;
          if (passes(largeLows[large] as number, largeHighs[large] as number, whole)) {
            row = end;
            continue;
          }
        }
        const end = (small + 1) * FAN;
        const whole = row === small * FAN && end <= to;
        if (passes(smallLows[small] as number, smallHighs[small] as number, whole)) {
          row = end;
          continue;
        }
      }
      if (!passes(this.#low[row] as number, this.#high[row] as number, true)) visit(row);
      row++;
    }
  }
}

function blockwise(values: Float64Array, pick: (a: number, b: number) => number): Float64Array {
  const blocks = new Float64Array(Math.ceil(values.length / FAN));
  for (let block = 0; block < blocks.length; block++) {
    const from = block * FAN;
    const to = Math.min(from + FAN, values.length);
    let best = values[from] ?? 0;
    for (let i = from + 1; i < to; i++) best = pick(best, values[i] ?? 0);
    blocks[block] = best;
  }
  return blocks;
}
