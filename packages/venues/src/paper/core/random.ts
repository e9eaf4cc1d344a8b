/**
 * One step of the `mulberry32` generator over a 32-bit state: 32-bit integer arithmetic alone, so that a seed
 * gives the same market on every machine. For scenery, never for secrets.
 */
function nextRandom(holder: { seed: number }): number {
  holder.seed = (holder.seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(holder.seed ^ (holder.seed >>> 15), holder.seed | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return (mixed ^ (mixed >>> 14)) >>> 0;
}

/** A whole number from 0 to `below` - 1. */
export function randomBelow(holder: { seed: number }, below: number): number {
  return nextRandom(holder) % below;
}

/** A bell-shaped whole number from -`span` to `span`: the sum of four uniform ones. */
export function randomAround(holder: { seed: number }, span: number): number {
  let sum = 0;
  for (let draw = 0; draw < 4; draw++) sum += randomBelow(holder, 2 * span + 1) - span;
  return Math.trunc(sum / 4);
}
