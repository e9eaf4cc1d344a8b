/** Blocks per block, as a power of two: eight. With 32 the first and last rows of a search cost twice as much. */
const FAN_BITS = 3;
const FAN = 1 << FAN_BITS;

/**
 * Lowest low and highest high per 8, 64, 512 … candles: finds the next candle that leaves a price range without
 * looking at those in between. 2.3 bytes per candle; a search climbs and descends a few blocks per level.
 */
export class Pyramid {
  /** Level 0 are the candles themselves. */
  readonly #lows: Float64Array[];
  readonly #highs: Float64Array[];

  constructor(low: Float64Array, high: Float64Array) {
    this.#lows = levelsOf(low, Math.min);
    this.#highs = levelsOf(high, Math.max);
  }

  /** Bytes beyond the candles. */
  get bytes(): number {
    return 2 * this.#lows.slice(1).reduce((sum, level) => sum + level.byteLength, 0);
  }

  /** Highest high of all. */
  get highest(): number {
    return this.#highs.at(-1)?.reduce((most, one) => Math.max(most, one), -Infinity) ?? -Infinity;
  }

  /** Lowest low of all. */
  get lowest(): number {
    return this.#lows.at(-1)?.reduce((least, one) => Math.min(least, one), Infinity) ?? Infinity;
  }

  /** First row of `from` to `to` whose low is at or below `floor` or whose high is at or above `ceiling`; else `to`. */
  nextOutside(from: number, to: number, floor: number, ceiling: number): number {
    const top = this.#lows.length - 1;
    // Begins one block up: rows of it before `from` are tested too, which costs less than testing the others singly.
    let level = Math.min(1, top);
    let at = from >> (FAN_BITS * level);
    let lows = this.#lows[level] as Float64Array;
    let highs = this.#highs[level] as Float64Array;
    for (let shift = FAN_BITS * level; to > at << shift;) {
      // In bounds: a block exists wherever its first row does.
      if ((lows[at] as number) > floor && (highs[at] as number) < ceiling) {
        at++;
        if ((at & (FAN - 1)) !== 0 || level === top) continue;
        at >>= FAN_BITS;
        level++;
      } else {
        if (level === 0) return at;
        level--;
        const first = from >> (FAN_BITS * level);
        at = Math.max(at << FAN_BITS, first);
      }
      shift = FAN_BITS * level;
      lows = this.#lows[level] as Float64Array;
      highs = this.#highs[level] as Float64Array;
    }
    return to;
  }

  /** Highest high of the rows `from` to `to`. */
  highestIn(from: number, to: number): number {
    let highest = -Infinity;
    for (let at = from; at < to;) {
      const level = this.#largestAt(at, to);
      const shift = FAN_BITS * level;
      // In bounds: the block's first row is before `to`.
      highest = Math.max(highest, (this.#highs[level] as Float64Array)[at >> shift] as number);
      at += 1 << shift;
    }
    return highest;
  }

  /** Lowest low of the rows `from` to `to`. */
  lowestIn(from: number, to: number): number {
    let lowest = Infinity;
    for (let at = from; at < to;) {
      const level = this.#largestAt(at, to);
      const shift = FAN_BITS * level;
      // In bounds, as above.
      lowest = Math.min(lowest, (this.#lows[level] as Float64Array)[at >> shift] as number);
      at += 1 << shift;
    }
    return lowest;
  }

  /** The level of the largest block that begins at row `at` and ends by `to`. */
  #largestAt(at: number, to: number): number {
    const top = this.#lows.length - 1;
    let level = 0;
    for (let rows = FAN; level < top && (at & (rows - 1)) === 0 && at + rows <= to; rows *= FAN) level++;
    return level;
  }

  /**
   * Walks the rows `from` to `to` in order, offering whole blocks first and their parts when a block is not passed,
   * down to single rows, which go to `visit` when they are not passed either.
   */
  walk(
    from: number,
    to: number,
    passes: (lowest: number, highest: number) => boolean,
    visit: (row: number) => void,
  ): void {
    const top = this.#lows.length - 1;
    let level = 0;
    let at = from;
    while (at << (FAN_BITS * level) < to) {
      const isInside = (at + 1) << (FAN_BITS * level) <= to;
      const lows = this.#lows[level] as Float64Array;
      const highs = this.#highs[level] as Float64Array;
      if (!(isInside && passes(lows[at] as number, highs[at] as number))) {
        if (level > 0) {
          at <<= FAN_BITS;
          level--;
          continue;
        }
        visit(at);
      }
      at++;
      if ((at & (FAN - 1)) === 0 && level < top) {
        at >>= FAN_BITS;
        level++;
      }
    }
  }
}

function levelsOf(values: Float64Array, pick: (a: number, b: number) => number): Float64Array[] {
  const levels = [values];
  for (let below = values; below.length > FAN;) {
    below = blockwise(below, pick);
    levels.push(below);
  }
  return levels;
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
