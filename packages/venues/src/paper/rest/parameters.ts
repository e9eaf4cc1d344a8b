import { parseUnits } from '../core/units.ts';
import { refusals, type Refusal } from '../core/refusals.ts';

/** Thrown by the readers below and caught once where a request is answered. */
export class Refused extends Error {
  readonly refusal: Refusal;
  /** What happened all the same, where one request asks for two things. */
  readonly data: Readonly<Record<string, unknown>> | null;

  constructor(refusal: Refusal, data: Readonly<Record<string, unknown>> | null = null) {
    super(refusal.message);
    this.name = 'Refused';
    this.refusal = refusal;
    this.data = data;
  }
}

const DECIMAL_RANGE = '^([0-9]{1,20})(\\.[0-9]{1,20})?$';
const LONG_RANGE = '^[0-9]{1,20}$';

/** The parameters of one request. Remembers which were read, because the exchange refuses unread ones. */
export class Parameters {
  readonly #values: ReadonlyMap<string, string>;
  readonly #read = new Set<string>();

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** Query and form body of a REST request; where both name a parameter, the query wins. */
  static fromForm(query: string, body: string): Parameters {
    return new Parameters(new Map([...parseForm(body), ...parseForm(query)]));
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The raw text, or `undefined` when it was not sent. An empty one is refused. */
  optional(name: string): string | undefined {
    this.#read.add(name);
    const value = this.#values.get(name);
    if (value === '') throw new Refused(refusals.empty(name));
    return value;
  }

  text(name: string): string {
    this.#read.add(name);
    const value = this.#values.get(name);
    if (value === undefined || value === '') throw new Refused(refusals.missing(name));
    return value;
  }

  /** Text of a given shape; `range` is the expression that the answer quotes. */
  matching(name: string, range: string): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && !new RegExp(range).test(value)) {
      throw new Refused(refusals.illegalCharacters(name, range));
    }
    return value;
  }

  /** One of a closed list; anything else is refused with `refusal`. */
  oneOf<const T extends string>(name: string, list: readonly T[], refusal: Refusal): T | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    const found = list.find((item) => item === value);
    if (found === undefined) throw new Refused(refusal);
    return found;
  }

  /** A decimal as units of 0.00000001. */
  units(name: string): bigint | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    const parsed = parseUnits(value);
    if (parsed.ok) return parsed.units;
    throw new Refused(
      parsed.reason === 'precision'
        ? refusals.tooPrecise(name)
        : refusals.illegalCharacters(name, DECIMAL_RANGE),
    );
  }

  /** A whole number within the safe integers. */
  long(name: string): number | undefined {
    const value = this.matching(name, LONG_RANGE);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new Refused(refusals.overflow(name));
    return number;
  }

  /** A whole number from `least` to `greatest`, or `otherwise` when it was not sent. */
  bounded(name: string, least: number, greatest: number, otherwise: number): number {
    const number = this.long(name) ?? otherwise;
    if (number < least || number > greatest) throw new Refused(refusals.badParameter(name));
    return number;
  }

  /** Refuses the request when it sent something that nobody read. */
  finish(): void {
    const unread = [...this.#values.keys()].filter((name) => !this.#read.has(name));
    if (unread.length > 0) {
      throw new Refused(refusals.unread(this.#values.size - unread.length, this.#values.size));
    }
  }
}

function parseForm(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (values.has(name)) throw new Refused(refusals.duplicateParameter);
    values.set(name, value);
  }
  return values;
}
