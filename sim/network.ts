import type { Dice } from './dice.ts';
import type { Timeline } from './timeline.ts';

export interface NetworkFaults {
  /** Shares of messages that are lost, told twice, or slow. */
  readonly lost: number;
  readonly twice: number;
  readonly slow: number;
}

/** Longest that a message is on its way: after twice this, what has not arrived never will. */
export const DELAY_MAX_MS = 5_000;

/** Carries messages between runner and venue, badly: each alone may be lost, doubled, late, and so out of order. */
export class Network {
  readonly #timeline: Timeline;
  readonly #dice: Dice;
  #faults: NetworkFaults;

  constructor(timeline: Timeline, dice: Dice, faults: NetworkFaults) {
    this.#timeline = timeline;
    this.#dice = dice;
    this.#faults = faults;
  }

  /** From here on everything arrives, once. */
  heal(): void {
    this.#faults = { lost: 0, twice: 0, slow: 0 };
  }

  carry(deliver: () => void): void {
    const { lost, twice, slow } = this.#faults;
    if (this.#dice.chance(lost)) return;
    const copies = this.#dice.chance(twice) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      const delayMs = this.#dice.chance(slow) ? this.#dice.whole(500, DELAY_MAX_MS) : this.#dice.whole(1, 50);
      this.#timeline.after(delayMs, deliver);
    }
  }
}
