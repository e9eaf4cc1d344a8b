/**
 * The write path's points of failure, by name. Here they cost nothing and do nothing; the build for crash tests puts
 * a module in this place that stops at them, and such a build says so when asked what it is.
 */
export type Point =
  | 'before-leaf'
  | 'after-leaf'
  | 'before-send'
  | 'after-send'
  | 'before-answer'
  | 'after-answer';

export const stopsAtPoints = false;

export function reach(_point: Point): Promise<void> | undefined {
  return undefined;
}
