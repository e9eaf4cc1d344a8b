import { LabError } from '../errors.ts';

/** One setting that varies, with its values in ascending order, as the texts that flags take. */
export interface Axis {
  readonly name: string;
  readonly values: readonly string[];
}

/** Configurations of one sweep at most: beyond it, search at random or narrow the ranges. */
export const CONFIGURATIONS_MAX = 1_000_000;
const VALUES_MAX = 1_000;

const RANGE = /^([0-9]+(?:\.[0-9]+)?)\.\.([0-9]+(?:\.[0-9]+)?)\/([0-9]+(?:\.[0-9]+)?)$/;

/** `1..3/0.5` as the values 1, 1.5, 2, 2.5, 3; null for a text that is no range. Exact in decimal digits. */
export function axisFrom(name: string, text: string): Axis | null {
  const [, from = '', to = '', step = ''] = RANGE.exec(text) ?? [];
  if (from === '') return null;
  const digits = Math.max(...[from, to, step].map((one) => one.split('.')[1]?.length ?? 0));
  const units = (one: string): number => Math.round(Number(one) * 10 ** digits);
  const [first, last, stride] = [units(from), units(to), units(step)];
  if (stride === 0 || last < first) {
    throw new LabError(
      'bad-flag',
      `--${name} ${text} has no values; write from..to/step with a step above zero.`,
    );
  }
  const count = Math.floor((last - first) / stride) + 1;
  if (count > VALUES_MAX)
    throw new LabError('bad-flag', `--${name} ${text} has ${count} values; ${VALUES_MAX} is the limit.`);
  return {
    name,
    values: Array.from({ length: count }, (_, n) => plain((first + n * stride) / 10 ** digits, digits)),
  };
}

export function sizeOf(axes: readonly Axis[]): number {
  return axes.reduce((size, axis) => size * axis.values.length, 1);
}

/** The coordinates of configuration `index`: the last axis runs fastest. */
export function coordinatesOf(axes: readonly Axis[], index: number): readonly number[] {
  const coordinates: number[] = [];
  let rest = index;
  for (const axis of axes.toReversed()) {
    coordinates.unshift(rest % axis.values.length);
    rest = Math.floor(rest / axis.values.length);
  }
  return coordinates;
}

export function indexOf(axes: readonly Axis[], coordinates: readonly number[]): number {
  return axes.reduce((index, axis, n) => index * axis.values.length + (coordinates[n] ?? 0), 0);
}

/** The flags that make configuration `index`. */
export function settingsOf(axes: readonly Axis[], index: number): ReadonlyMap<string, string> {
  const coordinates = coordinatesOf(axes, index);
  return new Map(axes.map((axis, n) => [axis.name, axis.values[coordinates[n] ?? 0] ?? '']));
}

/** Configurations to try: all in order, or `count` different ones drawn with `seed`. */
export function planOf(axes: readonly Axis[], count: number | null, seed: number): readonly number[] {
  const size = sizeOf(axes);
  if (size > CONFIGURATIONS_MAX && count === null) {
    throw new LabError(
      'bad-flag',
      `The ranges make ${size} configurations; ${CONFIGURATIONS_MAX} is the limit. Use --random COUNT.`,
    );
  }
  if (count === null || count >= size) return Array.from({ length: size }, (_, index) => index);
  const drawn = new Set<number>();
  let state = seed | 0 || 1;
  while (drawn.size < count) {
    // Marsaglia's xorshift32: repeatable, and random enough to spread points over a box.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    drawn.add(Math.floor(((state >>> 0) / 4_294_967_296) * size));
  }
  return [...drawn];
}

function plain(value: number, digits: number): string {
  return digits === 0 ? String(value) : value.toFixed(digits).replace(/\.?0+$/, '');
}
