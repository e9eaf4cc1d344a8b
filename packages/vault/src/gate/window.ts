/**
 * A sum over the last so many milliseconds, in buckets: what lies in the oldest bucket counts whole, so the sum never
 * forgets early, and memory is bounded by the number of buckets however many orders there are.
 */
import { type Decimal, add, negate } from '@counterfoil/vocabulary';

const ZERO: Decimal = { units: 0n, scale: 0 };

export class Window {
  readonly #bucketMs: number;
  readonly #buckets: number;
  readonly #held: { readonly bucket: number; sum: Decimal }[] = [];
  #total = ZERO;

  constructor(spanMs: number, bucketMs: number) {
    this.#bucketMs = bucketMs;
    this.#buckets = spanMs / bucketMs;
  }

  add(atMs: number, amount: Decimal): void {
    this.total(atMs);
    const bucket = Math.floor(atMs / this.#bucketMs);
    const last = this.#held.at(-1);
    if (last?.bucket === bucket) last.sum = add(last.sum, amount);
    else this.#held.push({ bucket, sum: amount });
    this.#total = add(this.#total, amount);
  }

  total(atMs: number): Decimal {
    const oldest = Math.floor(atMs / this.#bucketMs) - this.#buckets;
    for (let first = this.#held[0]; first !== undefined && first.bucket < oldest; first = this.#held[0]) {
      this.#total = add(this.#total, negate(first.sum));
      this.#held.shift();
    }
    return this.#total;
  }
}
