/** Sums that keep the brand: adding two prices gives a price. */
export function plus<T extends bigint>(a: T, b: T): T {
  // The sum of two numbers of one unit has that unit.
  return (a + b) as T;
}

export function minus<T extends bigint>(a: T, b: T): T {
  // As above, for the difference.
  return ((a as bigint) - b) as T;
}

export function opposite<T extends bigint>(value: T): T {
  // As above, for the number with the other sign.
  return (0n - value) as T;
}

/** The smaller of two values of one unit. */
export function least<T extends bigint>(a: T, b: T): T {
  return a < b ? a : b;
}

export function greatest<T extends bigint>(a: T, b: T): T {
  return a > b ? a : b;
}

/** A price as the number that the trigger book compares; outside 2^53 the book could not tell ticks apart. */
export function toLevel(units: bigint): number {
  const level = Number(units);
  if (!Number.isSafeInteger(level))
    throw new RangeError(`price of ${units} units does not fit 2^53; lower the scale`);
  return level;
}

/** Zero of a unit. */
export function zero<T extends bigint>(): T {
  // Zero is zero in every unit.
  return 0n as bigint as T;
}
