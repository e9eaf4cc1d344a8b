import { comesBack, gainReaches, lossReaches } from '../direction.ts';
import type { Parked } from '../machine.ts';
import { minus, plus, toLevel } from '../units.ts';
import type { SeriesCondition } from '../../triggers/trigger.ts';
import { nextRetryMs, PARTLY_OPEN_MAX_MS } from '../working-orders.ts';
import { stopAt, stopDistance, targetAt } from './exits.ts';
import type { SmartTradeOptions } from './options.ts';
import type { SmartTradeState } from './state.ts';

/** What a trade waits for besides its orders. */
export function parkedOn(options: SmartTradeOptions, state: SmartTradeState): readonly Parked[] {
  const parked: Parked[] = [];
  const retryMs = nextRetryMs(state.orders);
  if (retryMs !== null) parked.push({ name: 'retry', on: { kind: 'time', market: 0, atMs: retryMs } });
  const at = (name: string, condition: SeriesCondition): void => {
    parked.push({ name, on: { kind: 'price', market: 0, condition } });
  };
  const { entry, direction } = options;
  if (entry.kind === 'conditional') {
    if (state.phase === 'waiting') at('entry', { kind: entry.when, level: toLevel(entry.price) });
    if (state.phase === 'trailing-in' && entry.trailing !== null && state.trailInFrom !== null) {
      // A long enters when the price has come up from its trough: the trail of a short's exit, and vice versa.
      at(
        'entry-trail',
        comesBack(direction === 'long' ? 'short' : 'long', state.trailInFrom, entry.trailing),
      );
    }
  }
  if (state.phase === 'entering' && state.partlyOpenSinceMs !== null) {
    parked.push({
      name: 'partly-open',
      on: { kind: 'time', market: 0, atMs: state.partlyOpenSinceMs + PARTLY_OPEN_MAX_MS },
    });
  }
  if (state.phase === 'open') {
    parkTarget(options, state, at);
    parkStop(options, state, parked, at);
  }
  return parked;
}

type ParkPrice = (name: string, condition: SeriesCondition) => void;

function parkTarget(options: SmartTradeOptions, state: SmartTradeState, at: ParkPrice): void {
  const { exit } = state;
  if (exit === null) return;
  if (state.trailingFrom !== null && exit.trailing !== null) {
    at('trail', comesBack(options.direction, state.trailingFrom, exit.trailing));
    return;
  }
  const taken = Math.min(state.targetsTaken, exit.targets.length - 1);
  const next = exit.targets[taken];
  if (next?.type === 'market' && !state.targetNow && !isTrailed(state, taken)) {
    at('target', gainReaches(options.direction, targetAt(options, state, next.at)));
  }
  const last = exit.targets.at(-1);
  if (exit.trailing !== null && last !== undefined) {
    at('trail-begin', gainReaches(options.direction, targetAt(options, state, last.at)));
  }
}

function isTrailed(state: SmartTradeState, target: number): boolean {
  return state.exit !== null && state.exit.trailing !== null && target === state.exit.targets.length - 1;
}

function parkStop(options: SmartTradeOptions, state: SmartTradeState, parked: Parked[], at: ParkPrice): void {
  const { direction, market } = options;
  const stop = state.exit?.stop ?? null;
  const level = stopAt(options, state);
  if (stop === null || level === null) return;
  if (state.stopCountdownUntilMs !== null) {
    parked.push({ name: 'stop-over', on: { kind: 'time', market: 0, atMs: state.stopCountdownUntilMs } });
    const better = direction === 'long' ? plus(level.price, market.tick) : minus(level.price, market.tick);
    at('stop-back', gainReaches(direction, better));
    return;
  }
  if (stop.trailing && state.enteredAt !== null) {
    at('stop-trail', comesBack(direction, state.enteredAt, stopDistance(options, state)));
  }
  if (!stop.trailing || level.earned) at('stop', lossReaches(direction, level.price));
}
