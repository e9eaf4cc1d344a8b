/** Repeatable choices for random configurations; remembers which options were chosen, and in which pairs. */
export class Dice {
  readonly #next: () => number;
  readonly #chosen: string[] = [];

  constructor(next: () => number) {
    this.#next = next;
  }

  /** One of the named options. */
  pick<const Name extends string>(option: string, names: readonly Name[]): Name {
    const name = names[Math.floor(this.#next() * names.length)] ?? names[0];
    if (name === undefined) throw new RangeError(`${option} has no choices`);
    this.#chosen.push(`${option}=${name}`);
    return name;
  }

  chance(option: string, share: number): boolean {
    const happens = this.#next() < share;
    this.#chosen.push(`${option}=${happens}`);
    return happens;
  }

  /** A number that is not remembered. */
  between(min: number, max: number): number {
    return min + this.#next() * (max - min);
  }

  whole(min: number, max: number): number {
    return Math.floor(this.between(min, max + 1));
  }

  /** Every pair of choices made, as `a=1 & b=2`. */
  get pairs(): string[] {
    const pairs: string[] = [];
    for (const [i, one] of this.#chosen.entries()) {
      for (const other of this.#chosen.slice(i + 1)) pairs.push(`${one} & ${other}`);
    }
    return pairs;
  }
}
