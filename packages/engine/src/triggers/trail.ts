/** One hundred percent in the unit of distances (parts per million). */
export const ONE_MILLION = 1_000_000;

/**
 * The price at which a trail under `peak` fires: the largest integer not above `peak × (1 − distance)`.
 *
 * Every operation here is correctly rounded, so the result is the same on every machine and never falls when
 * the peak rises or the distance shrinks. It is exact while `peak × 1,000,000 < 2^53`, and otherwise off by at
 * most the spacing of doubles at `peak`: below one part in 10^15.
 */
export function trailThreshold(peak: number, distancePpm: number): number {
  return Math.floor((peak * (ONE_MILLION - distancePpm)) / ONE_MILLION);
}

/** The price at which a trail above `trough` fires: the smallest integer not below `trough × (1 + distance)`. */
export function riseThreshold(trough: number, distancePpm: number): number {
  return Math.ceil((trough * (ONE_MILLION + distancePpm)) / ONE_MILLION);
}
