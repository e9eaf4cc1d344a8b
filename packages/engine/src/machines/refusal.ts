/** Why options cannot work: the field, what it may be at most (or least), and what to change. */
export interface Refusal {
  readonly field: string;
  readonly limit: string;
  /** One sentence that says what happens and what to change. */
  readonly message: string;
}

/** Collects refusals while options are checked. */
export class Refusals {
  readonly list: Refusal[] = [];

  /** Refuses `field` unless `holds`. */
  require(holds: boolean, field: string, limit: string, message: string): void {
    if (!holds) this.list.push({ field, limit, message });
  }

  integer(field: string, value: number, min: number, max: number): void {
    const holds = Number.isInteger(value) && value >= min && value <= max;
    this.require(
      holds,
      field,
      `${min} to ${max}`,
      `${field} is ${value}; choose a whole number from ${min} to ${max}.`,
    );
  }
}
