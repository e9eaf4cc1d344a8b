import { randomBelow } from '../../packages/venues/src/paper/core/random.ts';

/** One step of the flow: an order, or the cancel of the order of an earlier step. */
export type Step =
  | { readonly kind: 'limit'; readonly isBuy: boolean; readonly cents: number; readonly lots: number }
  | { readonly kind: 'market'; readonly isBuy: boolean; readonly lots: number }
  | { readonly kind: 'cancel'; readonly step: number };

/** 70 % limit orders within half a percent of the middle, 10 % market orders, 20 % cancels. */
export function drawFlow(steps: number): Step[] {
  const choices = { seed: 11 };
  return Array.from({ length: steps }, (_, index) => {
    const dice = randomBelow(choices, 10);
    const isBuy = randomBelow(choices, 2) === 0;
    const lots = 10 + randomBelow(choices, 100);
    if (dice < 2 && index > 100) return { kind: 'cancel', step: index - 1 - randomBelow(choices, 100) };
    if (dice === 2) return { kind: 'market', isBuy, lots };
    const away = randomBelow(choices, 30_000) - 2_000;
    return { kind: 'limit', isBuy, cents: 6_200_000 + (isBuy ? -away : away), lots };
  });
}

/** The id under which the order of a step is placed and canceled, on both sides. */
export function orderName(step: number): string {
  return `o${step}`;
}

/** The flow in the form that one side takes, and what it left on the book. */
export interface Prepared {
  run(): void;
  /** Number of price levels and sum of the open lots: of the bids, then of the asks. On the first market. */
  book(): readonly number[];
}
