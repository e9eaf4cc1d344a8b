import { floorToLot, floorToTick, type Price, type Quantity, quantityFor } from '@counterfoil/vocabulary';
import { minus, plus } from '../units.ts';
import type { GridOptions } from './options.ts';

/** Digits kept while a geometric ratio is searched: enough that no line of 1,000 misses its tick. */
const RATIO_ONE = 10n ** 18n;

/** The price lines from lower to upper, each on the tick. */
export function gridLines(options: GridOptions): readonly Price[] {
  const { lower, upper, lines, market } = options;
  const steps = BigInt(lines - 1);
  const prices: Price[] = [];
  const ratio = options.spacing === 'geometric' ? ratioOf(options) : RATIO_ONE;
  let factor = RATIO_ONE;
  for (let n = 0n; n < steps; n++) {
    const exact =
      options.spacing === 'arithmetic' ? lower + ((upper - lower) * n) / steps : (lower * factor) / RATIO_ONE;
    prices.push(floorToTick(market, exact));
    factor = (factor * ratio) / RATIO_ONE;
  }
  prices.push(floorToTick(market, upper));
  return prices;
}

/** The line one step beyond `edge`, upwards or downwards, by the spacing of the options. */
export function lineBeyond(options: GridOptions, edge: Price, up: boolean): Price {
  const { market, lower, upper, lines } = options;
  if (options.spacing === 'arithmetic') {
    const step = floorToTick(market, (upper - lower) / BigInt(lines - 1));
    return up ? plus(edge, step) : minus(edge, step);
  }
  const ratio = ratioOf(options);
  return floorToTick(market, up ? (edge * ratio) / RATIO_ONE : (edge * RATIO_ONE) / ratio);
}

/** Options are immutable, so their ratio is searched once. */
const ratios = new WeakMap<GridOptions, bigint>();

function ratioOf(options: GridOptions): bigint {
  let ratio = ratios.get(options);
  if (ratio === undefined) {
    ratio = searchRatio(options);
    ratios.set(options, ratio);
  }
  return ratio;
}

/** The (lines − 1)-th root of upper / lower, by bisection: exact to the last digit kept, the same everywhere. */
function searchRatio({ lower, upper, lines }: GridOptions): bigint {
  let low = RATIO_ONE;
  let high = (upper * RATIO_ONE) / lower + 1n;
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    let power = RATIO_ONE;
    for (let n = 1; n < lines; n++) power = (power * middle) / RATIO_ONE;
    if (power * lower <= upper * RATIO_ONE) low = middle;
    else high = middle;
  }
  return low;
}

/** What a line's order buys at `price`, in whole lots. */
export function lineQuantity(options: GridOptions, price: Price): Quantity {
  const { market, size } = options;
  return size.by === 'base'
    ? floorToLot(market, size.quantity)
    : floorToLot(market, quantityFor(market, size.amount, price, 'floor'));
}
