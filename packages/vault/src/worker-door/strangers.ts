/**
 * What callers who have not shown a known key may take from the door: a place each for the length of a handshake, and a
 * number of failures a minute. Both are bounded by address and in all: one flooding address keeps out itself alone.
 */

/** A handshake takes a worker some milliseconds; these many at once are every worker there may be, twice. */
const WAITING_MAX = 64;
/** Every line of two workers behind one address, beginning in the same moment. */
const WAITING_PER_ADDRESS_MAX = 16;
/** A handshake a second is no load. A worker that a slow door has kept waiting fails less often. */
const FAILURES_MAX = 60;
const FAILURES_MS = 60_000;
/** Addresses whose failures are counted; each takes about 100 bytes. Beyond them the places alone are the bound. */
const ADDRESSES_MAX = 4_096;

export class Strangers {
  readonly #waiting = new Map<string, number>();
  #waitingInAll = 0;
  #failures = new Map<string, number>();
  #failuresSinceMs = -Infinity;

  /** Whether one more connection of `address` may try. Whoever may gives its place back by `leave`. */
  enter(address: string, nowMs: number): boolean {
    if (nowMs - this.#failuresSinceMs >= FAILURES_MS) {
      this.#failures = new Map();
      this.#failuresSinceMs = nowMs;
    }
    const waiting = this.#waiting.get(address) ?? 0;
    if (this.#waitingInAll >= WAITING_MAX || waiting >= WAITING_PER_ADDRESS_MAX) return false;
    if ((this.#failures.get(address) ?? 0) >= FAILURES_MAX) return false;
    this.#waiting.set(address, waiting + 1);
    this.#waitingInAll++;
    return true;
  }

  leave(address: string, isAdmitted: boolean): void {
    this.#waitingInAll--;
    const left = (this.#waiting.get(address) ?? 1) - 1;
    if (left === 0) this.#waiting.delete(address);
    else this.#waiting.set(address, left);
    if (isAdmitted || (this.#failures.size >= ADDRESSES_MAX && !this.#failures.has(address))) return;
    this.#failures.set(address, (this.#failures.get(address) ?? 0) + 1);
  }
}
