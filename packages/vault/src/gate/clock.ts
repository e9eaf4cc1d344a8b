/** Wall clock at start, monotonic after: a clock that is set back while the gate runs cannot move a limit's window. */
const startedAtMs = Date.now() - performance.now();
let notBeforeMs = 0;

/** Milliseconds since 1970 UTC; never less than the last leaf's. */
export function nowMs(): number {
  notBeforeMs = Math.max(notBeforeMs, Math.floor(startedAtMs + performance.now()));
  return notBeforeMs;
}

/** Time does not run backwards across a restart either. */
export function noEarlierThan(atMs: number): void {
  notBeforeMs = Math.max(notBeforeMs, atMs);
}

/** How far the wall clock is from ours: a clock that was set, or a machine that slept. */
export function driftMs(): number {
  return Math.abs(Date.now() - nowMs());
}
