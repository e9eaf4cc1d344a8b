import { IndexedHeap } from './indexed-heap.ts';
import { SeriesTriggers } from './series-triggers.ts';
import { ONE_MILLION } from './trail.ts';
import type { SeriesId, Trigger } from './trigger.ts';

/** Names an armed trigger; reused after the trigger has fired or was disarmed. */
export type TriggerHandle = number;

/** 2^24 armed triggers need about 1 GB; a book that reaches this is a leak, not a load. */
const ARMED_MAX = 16_777_216;

/**
 * Everything that waits, for live and for simulated time alike. Telling a value costs a handful of comparisons
 * when nothing fires, however many triggers wait, and a logarithm per trigger that does.
 *
 * Within one tick the fired handles come in ascending order, which depends only on the order of the calls
 * made so far: two books that were told the same things answer the same.
 */
export class TriggerBook {
  readonly #series = new Map<SeriesId, SeriesTriggers>();
  readonly #times = new IndexedHeap();
  /** Where each handle waits: a series, or `undefined` for time. Indexed by handle. */
  readonly #places: (SeriesTriggers | undefined)[] = [];
  readonly #free: TriggerHandle[] = [];
  #armed = 0;

  /** Triggers that wait. */
  get armed(): number {
    return this.#armed;
  }

  /** Bytes of the arrays behind the book (object headers are not counted). */
  get bytes(): number {
    let bytes = this.#times.bytes + this.#places.length * 8 + this.#free.length * 8;
    for (const series of this.#series.values()) bytes += series.bytes;
    return bytes;
  }

  arm(trigger: Trigger): TriggerHandle {
    assertArmable(trigger);
    if (this.#armed >= ARMED_MAX) {
      throw new RangeError(`${ARMED_MAX} triggers are armed already; a bot arms triggers without end`);
    }
    const handle = this.#free.pop() ?? this.#places.length;
    this.#armed++;
    if (trigger.kind === 'time') {
      this.#places[handle] = undefined;
      this.#times.push(handle, trigger.at);
      return handle;
    }
    const series = this.#seriesOf(trigger.series);
    this.#places[handle] = series;
    series.arm(handle, trigger.condition);
    return handle;
  }

  /**
   * The peak (or trough) that an armed trail has reached; null for other triggers. Whoever must survive a restart
   * stores it with the trigger and arms the trail again with it as `from`.
   */
  extremeOf(handle: TriggerHandle): number | null {
    return this.#places[handle]?.extremeOf(handle) ?? null;
  }

  /** Returns whether the trigger was still waiting. */
  disarm(handle: TriggerHandle): boolean {
    const place = this.#places[handle];
    const waited = place === undefined ? this.#times.remove(handle) : place.disarm(handle);
    if (waited) this.#release(handle);
    return waited;
  }

  /** Tells the next value of a series; the triggers that fire are no longer armed. */
  tell(series: SeriesId, value: number): readonly TriggerHandle[] {
    const triggers = this.#series.get(series);
    if (triggers === undefined) return NOTHING;
    const fired = this.#fired;
    triggers.advance(value, fired);
    return fired.length === 0 ? NOTHING : this.#settle(fired);
  }

  /** Tells the time (any unit, the same as in the triggers). */
  tellTime(now: number): readonly TriggerHandle[] {
    if (this.#times.topKey > now) return NOTHING;
    const fired = this.#fired;
    while (this.#times.topKey <= now) {
      fired.push(this.#times.topId);
      this.#times.remove(this.#times.topId);
    }
    return this.#settle(fired);
  }

  readonly #fired: number[] = [];

  #settle(fired: number[]): readonly TriggerHandle[] {
    const handles = fired.toSorted((a, b) => a - b);
    fired.length = 0;
    for (const handle of handles) this.#release(handle);
    return handles;
  }

  #release(handle: TriggerHandle): void {
    this.#places[handle] = undefined;
    this.#free.push(handle);
    this.#armed--;
  }

  #seriesOf(id: SeriesId): SeriesTriggers {
    let series = this.#series.get(id);
    if (series === undefined) {
      series = new SeriesTriggers();
      this.#series.set(id, series);
    }
    return series;
  }
}

const NOTHING: readonly TriggerHandle[] = Object.freeze([]);

/** A NaN or a zero distance would sit in a heap and corrupt its order without a sign. */
function assertArmable(trigger: Trigger): void {
  if (trigger.kind === 'time') {
    if (Number.isNaN(trigger.at)) throw new RangeError('a time trigger needs a time, got NaN');
    return;
  }
  const condition = trigger.condition;
  if ('level' in condition) {
    if (Number.isNaN(condition.level)) throw new RangeError('a level trigger needs a level, got NaN');
    return;
  }
  if (!(condition.from > 0))
    throw new RangeError(`a trail needs a positive price to start from, got ${condition.from}`);
  const distance = condition.distancePpm;
  if (!Number.isInteger(distance) || distance < 1 || distance >= ONE_MILLION) {
    throw new RangeError(
      `a trailing distance must be a whole number of ppm from 1 to 999,999, got ${distance}`,
    );
  }
}
