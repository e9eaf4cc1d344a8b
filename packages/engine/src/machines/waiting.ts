import type { Price } from '@counterfoil/vocabulary';
import { riseThreshold, trailThreshold } from '../triggers/trail.ts';
import type { IndicatorCondition, Parked } from './machine.ts';

/** One thing that a bot waits for, with how far away it is: the answer to "why does it not trade?". */
export type Waiting =
  | {
      readonly for: 'price';
      readonly name: string;
      readonly market: number;
      readonly side: 'at-or-above' | 'at-or-below';
      readonly level: Price;
      readonly now: Price;
      /** How far the price has to move, in parts per million of itself. */
      readonly distancePpm: number;
      /** Set where the level follows the price. */
      readonly trailing: boolean;
    }
  | { readonly for: 'time'; readonly name: string; readonly leftMs: number }
  | {
      readonly for: 'conditions';
      readonly name: string;
      readonly market: number;
      readonly conditions: readonly IndicatorCondition[];
    };

/** What the triggers of a step mean at these prices (one per market) and this moment, the nearest price first. */
export function waitingFor(
  parked: readonly Parked[],
  prices: readonly Price[],
  nowMs: number,
): readonly Waiting[] {
  const waiting = parked.flatMap(({ name, on }): readonly Waiting[] => {
    switch (on.kind) {
      case 'time':
        return [{ for: 'time', name, leftMs: Math.max(0, on.atMs - nowMs) }];
      case 'conditions':
        return [{ for: 'conditions', name, market: on.market, conditions: on.conditions }];
      case 'price': {
        const now = prices[on.market];
        if (now === undefined) return [];
        return [{ for: 'price', name, market: on.market, ...levelOf(on.condition, now), now }];
      }
      default:
        return on satisfies never;
    }
  });
  return waiting.toSorted((a, b) => distanceOf(a) - distanceOf(b));
}

type PriceCondition = Extract<Parked['on'], { kind: 'price' }>['condition'];

function levelOf(condition: PriceCondition, now: Price) {
  const trailing = 'from' in condition;
  const level = trailing ? trailLevel(condition, Number(now)) : condition.level;
  const above =
    condition.kind === 'at-or-above' ||
    condition.kind === 'cross-up' ||
    condition.kind === 'trail-above-trough';
  const side = above ? ('at-or-above' as const) : ('at-or-below' as const);
  const distancePpm = Math.round((Math.abs(level - Number(now)) / Number(now)) * 1_000_000);
  // Levels of price triggers are whole price units.
  return { side, level: BigInt(Math.round(level)) as Price, distancePpm, trailing };
}

/** Where a trail stands at least: from the better of its first extreme and the price of the moment. */
function trailLevel(condition: Extract<PriceCondition, { from: number }>, now: number): number {
  return condition.kind === 'trail-below-peak'
    ? trailThreshold(Math.max(condition.from, now), condition.distancePpm)
    : riseThreshold(Math.min(condition.from, now), condition.distancePpm);
}

function distanceOf(waiting: Waiting): number {
  return waiting.for === 'price' ? waiting.distancePpm : Infinity;
}
