import { DecimalError } from '@counterfoil/vocabulary';
import { LabError } from '../errors.ts';

/** `--name value` pairs, each used exactly once: a flag that nothing reads is a typo and is refused. */
export class Flags {
  readonly #values = new Map<string, string>();
  readonly #read = new Set<string>();
  /** What counts: given values, and defaults where none was given. */
  readonly #effective = new Map<string, string>();

  /** Throws `LabError` `bad-flag` on anything that is not `--name value`, and on repeats. */
  constructor(args: readonly string[]) {
    for (let i = 0; i < args.length; i += 2) {
      const name = args[i] ?? '';
      const value = args[i + 1];
      if (!/^--[a-z][a-z-]*$/.test(name))
        throw new LabError('bad-flag', `${name} is not a flag; write --name value.`);
      if (value === undefined) throw new LabError('bad-flag', `${name} needs a value.`);
      if (this.#values.has(name.slice(2))) throw new LabError('bad-flag', `${name} is given twice.`);
      this.#values.set(name.slice(2), value);
    }
  }

  text(name: string): string | null {
    this.#read.add(name);
    const value = this.#values.get(name) ?? null;
    if (value !== null) this.#effective.set(name, value);
    return value;
  }

  textOr(name: string, fallback: string): string {
    const value = this.text(name) ?? fallback;
    this.#effective.set(name, value);
    return value;
  }

  required(name: string, example: string): string {
    const value = this.text(name);
    if (value === null)
      throw new LabError('bad-flag', `--${name} is missing; for example --${name} ${example}.`);
    return value;
  }

  choice<const Word extends string>(name: string, words: readonly [Word, ...Word[]]): Word {
    const value = this.textOr(name, words[0]);
    const found = words.find((word) => word === value);
    if (found === undefined)
      throw new LabError('bad-flag', `--${name} is ${value}; choose ${words.join(', ')}.`);
    return found;
  }

  /** A plain decimal as the text it is: money and prices never pass through a floating-point number. */
  decimal(name: string, fallback: string): string {
    const value = this.textOr(name, fallback);
    if (!/^(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/.test(value)) {
      throw new LabError('bad-flag', `--${name} is ${value}; write a plain number such as 12.5.`);
    }
    return value;
  }

  /** A plain decimal as what `parse` makes of it: units of the market, which hold only so many decimals. */
  exact<T>(name: string, fallback: string, parse: (text: string) => T): T {
    const text = this.decimal(name, fallback);
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof DecimalError)) throw error;
      throw new LabError('bad-flag', `--${name}: ${error.message}; write it as the market counts it.`);
    }
  }

  whole(name: string, fallback: number): number {
    const value = Number(this.decimal(name, String(fallback)));
    if (!Number.isSafeInteger(value)) throw new LabError('bad-flag', `--${name} must be a whole number.`);
    return value;
  }

  /** Refuses flags that were given and that nothing has read. */
  finish(): void {
    for (const name of this.#values.keys()) {
      if (!this.#read.has(name))
        throw new LabError(
          'bad-flag',
          `--${name} is not known here; known are --${[...this.#read].join(', --')}.`,
        );
    }
  }

  /** The same flags with some values replaced: one configuration of a sweep. */
  with(changes: ReadonlyMap<string, string>): Flags {
    const flags = new Flags([]);
    for (const [name, value] of [...this.#values, ...changes]) flags.#values.set(name, value);
    return flags;
  }

  get entries(): readonly (readonly [string, string])[] {
    return [...this.#values];
  }

  /** Everything that was read, defaults included, in the order of reading. */
  get effective(): readonly (readonly [string, string])[] {
    return [...this.#effective];
  }
}
