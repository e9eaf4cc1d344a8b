import type { Outcome } from './message.ts';
import { type Axis, coordinatesOf, indexOf } from './space.ts';

/** The best configuration among its neighbours (one step away on every axis). */
export interface Neighbourhood {
  readonly best: Outcome;
  readonly neighbours: number;
  /** Median profit of the neighbours, or null when none of them ran. */
  readonly median: number | null;
  /** A peak that its surroundings do not share is more likely luck than skill. */
  readonly isOutlier: boolean;
}

/** Neighbours that keep less than this share of the best profit do not share its success. */
const SHARED = 0.5;

export function neighbourhoodOf(
  axes: readonly Axis[],
  outcomes: ReadonlyMap<number, Outcome>,
): Neighbourhood | null {
  let best: Outcome | null = null;
  for (const outcome of outcomes.values()) {
    if (outcome.refused === null && (best === null || outcome.profit > best.profit)) best = outcome;
  }
  if (best === null) return null;
  const profits: number[] = [];
  for (const index of neighboursOf(axes, best.index)) {
    const outcome = outcomes.get(index);
    if (outcome !== undefined && outcome.refused === null) profits.push(outcome.profit);
  }
  const median = profits.toSorted((a, b) => a - b)[profits.length >> 1] ?? null;
  const isOutlier = median !== null && best.profit > 0 && median < SHARED * best.profit;
  return { best, neighbours: profits.length, median, isOutlier };
}

/** All configurations at most one step away on each axis, the given one left out. */
export function neighboursOf(axes: readonly Axis[], index: number): readonly number[] {
  const at = coordinatesOf(axes, index);
  let around: (readonly number[])[] = [[]];
  for (const [n, axis] of axes.entries()) {
    const here = at[n] ?? 0;
    const near = [here - 1, here, here + 1].filter((one) => one >= 0 && one < axis.values.length);
    around = around.flatMap((before) => near.map((one) => [...before, one]));
  }
  return around.map((one) => indexOf(axes, one)).filter((one) => one !== index);
}
