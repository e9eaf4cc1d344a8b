/** How much of everything a run of chaos has, and the dice that a seed repeats. */
export interface ChaosOptions {
  readonly seconds: number;
  readonly bots: number;
  readonly connections: number;
  readonly workers: number;
  readonly killEverySeconds: number;
}

/** Random numbers from 0 to 1 that a seed repeats (xorshift32). */
export type Dice = () => number;

export function diceOf(seed: number): Dice {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
