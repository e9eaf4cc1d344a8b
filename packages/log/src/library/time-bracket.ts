/**
 * When a leaf was logged, whatever it claims: after the last cosigned checkpoint without it was made, and before the
 * first one with it was cosigned.
 */
import type { CosignedCheckpoint } from './open-checkpoint.ts';

export interface TimeBracket {
  /** Milliseconds since 1970; minus and plus infinity where no checkpoint bounds it. */
  readonly afterMs: number;
  readonly beforeMs: number;
}

interface Mark {
  readonly size: number;
  readonly atMs: number;
}

export class TimeBrackets {
  readonly #sizes: readonly number[];
  /** `#afterMs[i]`: latest time among the first i marks; `#beforeMs[i]`: earliest among the others. */
  readonly #afterMs: readonly number[];
  readonly #beforeMs: readonly number[];

  constructor(checkpoints: readonly CosignedCheckpoint[]) {
    // The earliest witness counts: a checkpoint existed when the first one signed it.
    const marks: Mark[] = checkpoints
      .filter((checkpoint) => checkpoint.times.size > 0)
      .map(({ size, times }) => ({ size, atMs: Math.min(...times.values()) * 1000 }))
      .sort((a, b) => a.size - b.size);
    this.#sizes = marks.map((mark) => mark.size);
    this.#afterMs = runningFrom(-Infinity, marks, Math.max);
    this.#beforeMs = runningFrom(Infinity, marks.toReversed(), Math.min).toReversed();
  }

  of(index: number): TimeBracket {
    let low = 0;
    let high = this.#sizes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sizes[middle] ?? 0) <= index) low = middle + 1;
      else high = middle;
    }
    return { afterMs: this.#afterMs[low] ?? -Infinity, beforeMs: this.#beforeMs[low] ?? Infinity };
  }
}

function runningFrom(
  start: number,
  marks: readonly Mark[],
  pick: (a: number, b: number) => number,
): number[] {
  const running = [start];
  for (const [i, { atMs }] of marks.entries()) running.push(pick(running[i] ?? start, atMs));
  return running;
}
