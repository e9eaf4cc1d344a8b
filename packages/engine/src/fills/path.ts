import type { PathRule } from './model.ts';

/** The prices of one candle in the order in which they are assumed, written into `into`; returns how many. */
export function pathInto(
  into: Float64Array,
  rule: PathRule,
  open: number,
  high: number,
  low: number,
  close: number,
): number {
  if (rule === 'close-only') {
    into[0] = close;
    return 1;
  }
  const highFirst = rule === 'high-first' || (rule === 'adaptive' && isHighFirst(open, high, low, close));
  into[0] = open;
  into[1] = highFirst ? high : low;
  into[2] = highFirst ? low : high;
  into[3] = close;
  return 4;
}

/** The extreme nearer to the open came first; at equal distance a rising candle fell first. */
export function isHighFirst(open: number, high: number, low: number, close: number): boolean {
  const up = high - open;
  const down = open - low;
  return up === down ? close < open : up < down;
}

/** When each of a path's prices is assumed: at the open, after a third, after two thirds, just before the close. */
export function pathTimeMs(openedAtMs: number, stepMs: number, point: number, points: number): number {
  if (points === 1) return openedAtMs + stepMs - 1;
  return point === 3 ? openedAtMs + stepMs - 1 : openedAtMs + Math.floor((stepMs * point) / 3);
}
