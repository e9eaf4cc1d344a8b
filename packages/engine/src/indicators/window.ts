/** The last `length` values, with their sum. Summed afresh each time round, so that rounding does not pile up. */
export class Window {
  readonly #values: Float64Array;
  #at = 0;
  #seen = 0;
  #sum = 0;

  constructor(length: number) {
    this.#values = new Float64Array(length);
  }

  get full(): boolean {
    return this.#seen >= this.#values.length;
  }

  get mean(): number {
    return this.#sum / this.#values.length;
  }

  get sum(): number {
    return this.#sum;
  }

  push(value: number): void {
    const values = this.#values;
    const at = this.#at;
    // In bounds: it goes round.
    this.#sum += value - (values[at] as number);
    values[at] = value;
    this.#seen++;
    if (at + 1 < values.length) {
      this.#at = at + 1;
      return;
    }
    this.#at = 0;
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i] as number;
    this.#sum = sum;
  }

  /** Root of the mean squared distance from the mean (population form, as Bollinger's bands use). */
  get deviation(): number {
    const mean = this.mean;
    let squares = 0;
    for (const one of this.#values) squares += (one - mean) ** 2;
    return Math.sqrt(squares / this.#values.length);
  }

  /** Mean absolute distance from the mean, as the commodity channel index uses. */
  get meanDistance(): number {
    const mean = this.mean;
    let distances = 0;
    for (const one of this.#values) distances += Math.abs(one - mean);
    return distances / this.#values.length;
  }

  get highest(): number {
    return Math.max(...this.#values);
  }

  get lowest(): number {
    return Math.min(...this.#values);
  }
}
