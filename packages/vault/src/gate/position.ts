/** What was bought of one market and not sold again, at average cost, from what the venue said of our own orders. */
import { type Decimal, add, compare, multiply, quotient, subtract } from '@counterfoil/vocabulary';

const ZERO: Decimal = { units: 0n, scale: 0 };
const DAY_MS = 24 * 60 * 60 * 1_000;
/** Digits of a cost: venues count quote in at most 8. */
const COST_SCALE = 18;

export class Position {
  held = ZERO;
  #cost = ZERO;
  #day = 0;
  #loss = ZERO;

  /** Quote that sales of this UTC day brought less than their base had cost; negative where they brought more. */
  lossOf(atMs: number): Decimal {
    return Math.floor(atMs / DAY_MS) === this.#day ? this.#loss : ZERO;
  }

  bought(base: Decimal, quote: Decimal): void {
    this.held = add(this.held, base);
    this.#cost = add(this.#cost, quote);
  }

  /** What was sold beyond what is held was never bought here: it has no cost that is known, so no loss either. */
  sold(base: Decimal, quote: Decimal, atMs: number): void {
    const day = Math.floor(atMs / DAY_MS);
    if (day !== this.#day) [this.#day, this.#loss] = [day, ZERO];
    if (base.units === 0n || this.held.units === 0n) return;
    const ours = compare(base, this.held) > 0 ? this.held : base;
    const cost = quotient(multiply(this.#cost, ours), this.held, COST_SCALE, 'ceil');
    const brought = quotient(multiply(quote, ours), base, COST_SCALE, 'floor');
    this.held = subtract(this.held, ours);
    this.#cost = this.held.units === 0n ? ZERO : subtract(this.#cost, cost);
    this.#loss = add(this.#loss, subtract(cost, brought));
  }
}
