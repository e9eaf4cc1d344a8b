import {
  ceilToTick,
  type Direction,
  floorToTick,
  type Market,
  type Price,
  type Rate,
  shiftByRate,
  type Side,
} from '@counterfoil/vocabulary';
import { ONE_MILLION } from '../triggers/trail.ts';
import type { SeriesCondition } from '../triggers/trigger.ts';
import { opposite, toLevel } from './units.ts';

/** The side on which a position is entered. */
export function entrySide(direction: Direction): Side {
  return direction === 'long' ? 'buy' : 'sell';
}

export function exitSide(direction: Direction): Side {
  return direction === 'long' ? 'sell' : 'buy';
}

/** Where a further entry waits: `rate` below the reference for a long, above for a short; never worse than asked. */
export function entryPrice(market: Market, direction: Direction, reference: Price, rate: Rate): Price {
  return direction === 'long'
    ? floorToTick(market, shiftByRate(reference, opposite(rate), 'floor'))
    : ceilToTick(market, shiftByRate(reference, rate, 'ceil'));
}

/** A price rounded to the tick so that the exit is not worse than `price`. */
export function exitTick(market: Market, direction: Direction, price: Price): Price {
  return direction === 'long' ? ceilToTick(market, price) : floorToTick(market, price);
}

/** Where a loss of `rate` against the reference is reached. */
export function stopPrice(market: Market, direction: Direction, reference: Price, rate: Rate): Price {
  return entryPrice(market, direction, reference, rate);
}

/** Fires when the price reaches `price` on the gaining side. */
export function gainReaches(direction: Direction, price: Price): SeriesCondition {
  return { kind: direction === 'long' ? 'at-or-above' : 'at-or-below', level: toLevel(price) };
}

/** Fires when the price reaches `price` on the losing side. */
export function lossReaches(direction: Direction, price: Price): SeriesCondition {
  return { kind: direction === 'long' ? 'at-or-below' : 'at-or-above', level: toLevel(price) };
}

/** Fires when the price comes back by `rate` from the best price since `from`. */
export function comesBack(direction: Direction, from: Price, rate: Rate): SeriesCondition {
  const kind = direction === 'long' ? 'trail-below-peak' : 'trail-above-trough';
  return { kind, from: toLevel(from), distancePpm: toPpm(rate) };
}

/** Whether `price` is at least as good as `target` for leaving the position. */
export function isGain(direction: Direction, price: Price, target: Price): boolean {
  return direction === 'long' ? price >= target : price <= target;
}

/** Trailing distances are whole parts per million; options are checked for it. */
export function toPpm(rate: Rate): number {
  return Number(rate) / (100_000_000 / ONE_MILLION);
}
