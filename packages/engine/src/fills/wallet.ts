import type { Amount, Quantity } from '@counterfoil/vocabulary';
import { minus, plus, zero } from '../machines/units.ts';

/** Money of one simulated account on one market: free, and locked by resting orders. Never negative. */
export class Wallet {
  #quote: Amount;
  #base: Quantity;
  #lockedQuote: Amount = zero();
  #lockedBase: Quantity = zero();

  constructor(quote: Amount, base: Quantity) {
    this.#quote = quote;
    this.#base = base;
  }

  get freeQuote(): Amount {
    return this.#quote;
  }

  get freeBase(): Quantity {
    return this.#base;
  }

  /** Free and locked together. */
  get totalQuote(): Amount {
    return plus(this.#quote, this.#lockedQuote);
  }

  get totalBase(): Quantity {
    return plus(this.#base, this.#lockedBase);
  }

  lockQuote(amount: Amount): boolean {
    if (amount > this.#quote) return false;
    this.#quote = minus(this.#quote, amount);
    this.#lockedQuote = plus(this.#lockedQuote, amount);
    return true;
  }

  lockBase(quantity: Quantity): boolean {
    if (quantity > this.#base) return false;
    this.#base = minus(this.#base, quantity);
    this.#lockedBase = plus(this.#lockedBase, quantity);
    return true;
  }

  unlockQuote(amount: Amount): void {
    this.#lockedQuote = positive(minus(this.#lockedQuote, amount), 'locked quote');
    this.#quote = plus(this.#quote, amount);
  }

  unlockBase(quantity: Quantity): void {
    this.#lockedBase = positive(minus(this.#lockedBase, quantity), 'locked base');
    this.#base = plus(this.#base, quantity);
  }

  /** Adds to (or takes from) the free money. */
  change(quote: Amount, base: Quantity): void {
    this.#quote = positive(plus(this.#quote, quote), 'free quote');
    this.#base = positive(plus(this.#base, base), 'free base');
  }
}

function positive<T extends bigint>(value: T, what: string): T {
  if (value < 0n) throw new Error(`${what} would be ${value}: a fill was booked without the money for it`);
  return value;
}
