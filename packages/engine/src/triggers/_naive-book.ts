import type { SeriesCondition, Trigger } from './trigger.ts';
import { riseThreshold, trailThreshold } from './trail.ts';

/** The oracle: looks at every trigger on every tick, with the definitions of `trigger.ts` word for word. */
export class NaiveBook {
  readonly #armed = new Map<number, { trigger: Trigger; extreme: number; primed: boolean }>();
  readonly #last = new Map<string, number>();

  arm(handle: number, trigger: Trigger): void {
    const last = trigger.kind === 'series' ? (this.#last.get(trigger.series) ?? Number.NaN) : Number.NaN;
    const condition = trigger.kind === 'series' ? trigger.condition : undefined;
    this.#armed.set(handle, {
      trigger,
      extreme: condition !== undefined && 'from' in condition ? condition.from : 0,
      primed: condition !== undefined && onTheOtherSide(condition, last),
    });
  }

  extremeOf(handle: number): number | null {
    const entry = this.#armed.get(handle);
    const trails = entry?.trigger.kind === 'series' && 'from' in entry.trigger.condition;
    return trails ? (entry?.extreme ?? null) : null;
  }

  disarm(handle: number): boolean {
    return this.#armed.delete(handle);
  }

  tell(series: string, value: number): number[] {
    this.#last.set(series, value);
    const fired: number[] = [];
    for (const [handle, entry] of this.#armed) {
      const { trigger } = entry;
      if (trigger.kind !== 'series' || trigger.series !== series) continue;
      const condition = trigger.condition;
      let fires = false;
      switch (condition.kind) {
        case 'at-or-above':
          fires = value >= condition.level;
          break;
        case 'at-or-below':
          fires = value <= condition.level;
          break;
        case 'cross-up':
          fires = entry.primed && value >= condition.level;
          break;
        case 'cross-down':
          fires = entry.primed && value <= condition.level;
          break;
        case 'trail-below-peak':
          entry.extreme = Math.max(entry.extreme, value);
          fires = value <= trailThreshold(entry.extreme, condition.distancePpm);
          break;
        case 'trail-above-trough':
          entry.extreme = Math.min(entry.extreme, value);
          fires = value >= riseThreshold(entry.extreme, condition.distancePpm);
          break;
      }
      entry.primed ||= onTheOtherSide(condition, value);
      if (fires) fired.push(handle);
    }
    for (const handle of fired) this.#armed.delete(handle);
    return fired.toSorted((a, b) => a - b);
  }

  tellTime(now: number): number[] {
    const fired: number[] = [];
    for (const [handle, { trigger }] of this.#armed) {
      if (trigger.kind === 'time' && trigger.at <= now) fired.push(handle);
    }
    for (const handle of fired) this.#armed.delete(handle);
    return fired.toSorted((a, b) => a - b);
  }
}

function onTheOtherSide(condition: SeriesCondition, value: number): boolean {
  if (condition.kind === 'cross-up') return value < condition.level;
  return condition.kind === 'cross-down' && value > condition.level;
}
