import type { Price } from '@counterfoil/vocabulary';
import type { Parked } from '../machine.ts';
import { toLevel } from '../units.ts';
import { nextRetryMs } from '../working-orders.ts';
import { lineBeyond } from './lines.ts';
import type { GridOptions } from './options.ts';
import type { GridState } from './state.ts';

/** The stops, the next line beyond the grid where it trails, and refused orders' second chance. */
export function parkedOn(options: GridOptions, state: GridState): readonly Parked[] {
  const parked: Parked[] = [];
  const retryMs = nextRetryMs(state.orders);
  if (retryMs !== null) parked.push({ name: 'retry', on: { kind: 'time', market: 0, atMs: retryMs } });
  if (state.phase !== 'running' && state.phase !== 'balancing') return parked;
  const at = (name: string, kind: 'at-or-above' | 'at-or-below', price: Price): void => {
    parked.push({ name, on: { kind: 'price', market: 0, condition: { kind, level: toLevel(price) } } });
  };
  if (options.upperStop !== null) at('upper-stop', 'at-or-above', options.upperStop.price);
  if (options.lowerStop !== null) at('lower-stop', 'at-or-below', options.lowerStop.price);
  const first = state.cells[0];
  const last = state.cells.at(-1);
  if (state.phase !== 'running' || first === undefined || last === undefined) return parked;
  if (options.trailingUp && !first.holding)
    at('trail-up', 'at-or-above', lineBeyond(options, last.upper, true));
  const below = lineBeyond(options, first.lower, false);
  if (options.trailingDown && last.holding && below > 0n) at('trail-down', 'at-or-below', below);
  return parked;
}
