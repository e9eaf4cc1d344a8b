import type { Amount, Market, Price, Quantity, Rate } from '@counterfoil/vocabulary';
import { applyRate, divHalfEven, floorToLot, quantityFor } from '@counterfoil/vocabulary';
import { entryPrice } from '../direction.ts';
import { type DcaOptions, type OrderSize, RATE_ONE } from './options.ts';

/** One averaging order before prices are known: its distance from the base order and its money. */
export interface LadderStep {
  readonly deviation: Rate;
  readonly size: OrderSize;
}

/**
 * The averaging steps in order. The n-th deviation is `d × (1 + k + … + k^(n−1))`, the n-th volume `v × m^(n−1)`;
 * powers are carried with 16 digits, so that rounding cannot reach a tick within 200 steps.
 */
export function ladderSteps(options: DcaOptions): readonly LadderStep[] {
  const ladder = options.averaging.ladder;
  if (ladder.kind === 'custom') return ladder.steps;
  const steps: LadderStep[] = [];
  let distance = 0n;
  let stride = BigInt(ladder.deviation) * RATE_ONE;
  let factor = RATE_ONE * RATE_ONE;
  for (let n = 0; n < ladder.steps; n++) {
    distance += stride;
    steps.push({
      // Distances are compared with prices, sizes with money: each back in its own unit.
      deviation: divHalfEven(distance, RATE_ONE) as Rate,
      size: scaleSize(ladder.size, factor, RATE_ONE * RATE_ONE),
    });
    stride = divHalfEven(stride * ladder.stepScale, RATE_ONE);
    factor = divHalfEven(factor * ladder.volumeScale, RATE_ONE);
  }
  return steps;
}

/** A size times `numerator / denominator`, rounded down: growth never takes more than was granted. */
export function scaleSize(size: OrderSize, numerator: bigint, denominator: bigint): OrderSize {
  const scaled = <T extends bigint>(value: T): T => ((value * numerator) / denominator) as T;
  switch (size.by) {
    case 'quote':
      return { by: 'quote', amount: scaled(size.amount) };
    case 'base':
      return { by: 'base', quantity: scaled(size.quantity) };
    case 'percent':
      return { by: 'percent', rate: scaled(size.rate) };
    default:
      return size satisfies never;
  }
}

/** Free money on the entry side, for sizes in percent. */
export interface FreeMoney {
  readonly quote: Amount;
  readonly base: Quantity;
}

/** What `size` buys or sells at `price`, in whole lots; zero where `percent` has no known money to count from. */
export function sizeToQuantity(
  market: Market,
  direction: DcaOptions['direction'],
  size: OrderSize,
  price: Price,
  free: FreeMoney | null,
): Quantity {
  switch (size.by) {
    case 'quote':
      return floorToLot(market, quantityFor(market, size.amount, price, 'floor'));
    case 'base':
      return floorToLot(market, size.quantity);
    case 'percent':
      if (free === null) return floorToLot(market, 0n);
      return direction === 'long'
        ? floorToLot(market, quantityFor(market, applyRate(free.quote, size.rate, 'floor'), price, 'floor'))
        : floorToLot(market, applyRate(free.base, size.rate, 'floor'));
    default:
      return size satisfies never;
  }
}

/** The limit price of an averaging step, given the base order's. */
export function stepPrice(
  market: Market,
  direction: DcaOptions['direction'],
  base: Price,
  step: LadderStep,
): Price {
  return entryPrice(market, direction, base, step.deviation);
}
