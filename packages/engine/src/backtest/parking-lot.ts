import type { IndicatorCondition, Parked, ParkedOn } from '../machines/machine.ts';
import { SeriesTriggers } from '../triggers/series-triggers.ts';
import type { SeriesCondition } from '../triggers/trigger.ts';

export interface WaitingConditions {
  readonly name: string;
  readonly conditions: readonly IndicatorCondition[];
  readonly afterMs: number | null;
}

interface Slot {
  readonly id: number;
  readonly on: ParkedOn;
  turn: number;
}

/** What one bot on one market is parked on, kept up to date from the whole list that each step gives. */
export class ParkingLot {
  readonly prices = new SeriesTriggers();
  readonly #slots = new Map<string, Slot>();
  readonly #names: string[] = [];
  readonly #freeIds: number[] = [];
  readonly #fired: number[] = [];
  #turn = 0;
  #nextTimeMs = Infinity;
  #conditions: WaitingConditions[] = [];

  /** When the next time trigger is due, or `Infinity`. */
  get nextTimeMs(): number {
    return this.#nextTimeMs;
  }

  get conditions(): readonly WaitingConditions[] {
    return this.#conditions;
  }

  /** Arms what the list has and the lot has not, disarms what the list has no more, leaves the rest alone. */
  park(list: readonly Parked[]): void {
    const turn = ++this.#turn;
    this.#nextTimeMs = Infinity;
    this.#conditions = [];
    for (const { name, on } of list) {
      const slot = this.#slots.get(name);
      if (slot !== undefined && isSame(slot.on, on)) slot.turn = turn;
      else {
        if (slot !== undefined) this.#release(slot);
        this.#slots.set(name, { id: this.#arm(name, on), on, turn });
      }
      if (on.kind === 'time') this.#nextTimeMs = Math.min(this.#nextTimeMs, on.atMs);
      else if (on.kind === 'conditions')
        this.#conditions.push({ name, conditions: on.conditions, afterMs: on.afterMs });
    }
    for (const [name, slot] of this.#slots) {
      if (slot.turn === turn) continue;
      this.#release(slot);
      this.#slots.delete(name);
    }
  }

  /** Names of the price triggers that fire at `price`, in the order in which they were armed. */
  tell(price: number): readonly string[] {
    const fired = this.#fired;
    fired.length = 0;
    this.prices.advance(price, fired);
    if (fired.length === 0) return NOTHING;
    const names = fired.toSorted((a, b) => a - b).map((id) => this.#names[id] ?? '');
    for (const name of names) this.#forget(name);
    return names;
  }

  /** Names of the time triggers due at `nowMs`. */
  due(nowMs: number): readonly string[] {
    if (nowMs < this.#nextTimeMs) return NOTHING;
    const names: string[] = [];
    for (const [name, { on }] of this.#slots) if (on.kind === 'time' && on.atMs <= nowMs) names.push(name);
    for (const name of names) this.#forget(name);
    return names;
  }

  /** Takes out a conditions trigger that has fired. */
  take(name: string): void {
    this.#forget(name);
    this.#conditions = this.#conditions.filter((one) => one.name !== name);
  }

  #arm(name: string, on: ParkedOn): number {
    if (on.kind !== 'price') return -1;
    const id = this.#freeIds.pop() ?? this.#names.length;
    this.#names[id] = name;
    this.prices.arm(id, on.condition);
    return id;
  }

  #release(slot: Slot): void {
    if (slot.id < 0) return;
    this.prices.disarm(slot.id);
    this.#freeIds.push(slot.id);
  }

  #forget(name: string): void {
    const slot = this.#slots.get(name);
    if (slot === undefined) return;
    if (slot.id >= 0) this.#freeIds.push(slot.id);
    this.#slots.delete(name);
  }
}

const NOTHING: readonly string[] = Object.freeze([]);

function isSame(a: ParkedOn, b: ParkedOn): boolean {
  if (a.kind === 'price')
    return b.kind === 'price' && a.market === b.market && isSameCondition(a.condition, b.condition);
  if (a.kind === 'time') return b.kind === 'time' && a.atMs === b.atMs;
  if (b.kind !== 'conditions' || a.afterMs !== b.afterMs || a.conditions.length !== b.conditions.length)
    return false;
  return a.market === b.market && a.conditions.every((condition, i) => condition === b.conditions[i]);
}

function isSameCondition(a: SeriesCondition, b: SeriesCondition): boolean {
  if (a.kind !== b.kind) return false;
  if ('level' in a) return 'level' in b && a.level === b.level;
  return 'from' in b && a.from === b.from && a.distancePpm === b.distancePpm;
}
