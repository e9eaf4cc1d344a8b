/** Everything random in a run comes from here, so that a seed replays it. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    // Spread small seeds over the state; a zero state would stay zero.
    this.#state = Math.imul(seed + 1, 2_654_435_761) | 0 || 1;
  }

  /** From 0 to below 1 (Marsaglia's xorshift32). */
  next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) / 4_294_967_296;
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  whole(min: number, max: number): number {
    return min + Math.floor(this.next() * (max - min + 1));
  }

  pick<T>(items: readonly [T, ...T[]]): T {
    return items[this.whole(0, items.length - 1)] ?? items[0];
  }
}
