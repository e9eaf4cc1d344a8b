import { IndexedHeap } from './indexed-heap.ts';
import { PeakGroups } from './peak-groups.ts';
import { riseThreshold } from './trail.ts';
import type { SeriesCondition } from './trigger.ts';

/** Which structure holds a waiting id. */
const home = { none: 0, rise: 1, fall: 2, primeRise: 3, primeFall: 4, trailPeak: 5, trailTrough: 6 } as const;

/**
 * Everything that waits for one series of values (a market's price, or one indicator on one timeframe).
 *
 * Ids are small integers given by the caller, unique among the armed ones. `advance` tells the next value;
 * ids that fire are appended to the caller's list and are no longer armed.
 */
export class SeriesTriggers {
  /** Fires at or above the key. */
  readonly #rise = new IndexedHeap();
  /** Fires at or below the negated key. */
  readonly #fall = new IndexedHeap();
  /** Crossings that must first be on the other side: below the level (up), above it (down). */
  readonly #primeRise = new IndexedHeap();
  readonly #primeFall = new IndexedHeap();
  readonly #peaks = new PeakGroups();
  /** The same on negated values: trails that follow a falling price. */
  readonly #troughs = new PeakGroups(troughThreshold);
  #homes = new Uint8Array(16);
  #levels = new Float64Array(16);
  #last = Number.NaN;

  get bytes(): number {
    return (
      this.#rise.bytes +
      this.#fall.bytes +
      this.#primeRise.bytes +
      this.#primeFall.bytes +
      this.#peaks.bytes +
      this.#troughs.bytes +
      this.#homes.byteLength +
      this.#levels.byteLength
    );
  }

  /** The smallest value that fires something as the series rises. */
  get nextRise(): number {
    return Math.min(this.#rise.topKey, -this.#troughs.highestThreshold);
  }

  /** The largest value that fires something as the series falls. */
  get nextFall(): number {
    return Math.max(-this.#fall.topKey, this.#peaks.highestThreshold);
  }

  /** A whole-numbered series below this value changes nothing: no trigger, no peak, no crossing. */
  get ceiling(): number {
    return Math.min(this.nextRise, this.#peaks.lowestPeak + 1, this.#primeFall.topKey);
  }

  /** Likewise a whole-numbered series above this value. */
  get floor(): number {
    return Math.max(this.nextFall, -this.#troughs.lowestPeak - 1, -this.#primeRise.topKey);
  }

  arm(id: number, condition: SeriesCondition): void {
    this.#makeRoom(id);
    switch (condition.kind) {
      case 'at-or-above':
        this.#armRise(id, condition.level);
        break;
      case 'at-or-below':
        this.#armFall(id, condition.level);
        break;
      case 'cross-up':
        if (this.#last < condition.level) this.#armRise(id, condition.level);
        else {
          this.#levels[id] = condition.level;
          this.#homes[id] = home.primeRise;
          // Below the level means at or below the next smaller number.
          this.#primeRise.push(id, -nextBelow(condition.level));
        }
        break;
      case 'cross-down':
        if (this.#last > condition.level) this.#armFall(id, condition.level);
        else {
          this.#levels[id] = condition.level;
          this.#homes[id] = home.primeFall;
          this.#primeFall.push(id, -nextBelow(-condition.level));
        }
        break;
      case 'trail-below-peak':
        this.#homes[id] = home.trailPeak;
        this.#peaks.add(id, condition.from, condition.distancePpm);
        break;
      case 'trail-above-trough':
        this.#homes[id] = home.trailTrough;
        this.#troughs.add(id, -condition.from, condition.distancePpm);
        break;
    }
  }

  /** The peak (or trough) that an armed trail has reached, or null for anything else. */
  extremeOf(id: number): number | null {
    if (this.#homes[id] === home.trailPeak) return this.#peaks.peakOf(id);
    return this.#homes[id] === home.trailTrough ? -this.#troughs.peakOf(id) : null;
  }

  disarm(id: number): boolean {
    const where = this.#homes[id] ?? home.none;
    if (where === home.none) return false;
    this.#homes[id] = home.none;
    if (where === home.trailPeak) this.#peaks.remove(id);
    else if (where === home.trailTrough) this.#troughs.remove(id);
    else this.#heapOf(where).remove(id);
    return true;
  }

  /** Tells the next value of the series; appends what fires to `fired`, in no order. */
  advance(value: number, fired: number[]): void {
    this.#last = value;
    if (-this.#primeRise.topKey >= value || this.#primeFall.topKey <= value) this.#prime(value);
    while (this.#rise.topKey <= value) this.#take(this.#rise, fired);
    while (this.#fall.topKey <= -value) this.#take(this.#fall, fired);
    this.#advanceTrails(this.#peaks, value, fired);
    this.#advanceTrails(this.#troughs, -value, fired);
  }

  #advanceTrails(groups: PeakGroups, value: number, fired: number[]): void {
    if (groups.lowestPeak < value) groups.raise(value);
    while (groups.highestThreshold >= value) {
      const id = groups.popHighest();
      this.#homes[id] = home.none;
      fired.push(id);
    }
  }

  /** Moves crossings that have been seen on the other side to where they wait for the crossing itself. */
  #prime(value: number): void {
    while (-this.#primeRise.topKey >= value) {
      const id = this.#primeRise.topId;
      this.#primeRise.remove(id);
      this.#armRise(id, this.#levels[id] as number);
    }
    while (this.#primeFall.topKey <= value) {
      const id = this.#primeFall.topId;
      this.#primeFall.remove(id);
      this.#armFall(id, this.#levels[id] as number);
    }
  }

  #armRise(id: number, level: number): void {
    this.#homes[id] = home.rise;
    this.#rise.push(id, level);
  }

  #armFall(id: number, level: number): void {
    this.#homes[id] = home.fall;
    this.#fall.push(id, -level);
  }

  #take(heap: IndexedHeap, fired: number[]): void {
    const id = heap.topId;
    heap.remove(id);
    this.#homes[id] = home.none;
    fired.push(id);
  }

  #heapOf(where: number): IndexedHeap {
    if (where === home.rise) return this.#rise;
    if (where === home.fall) return this.#fall;
    return where === home.primeRise ? this.#primeRise : this.#primeFall;
  }

  #makeRoom(id: number): void {
    if (id < this.#homes.length) return;
    const capacity = Math.max(id + 1, this.#homes.length * 2);
    const homes = new Uint8Array(capacity);
    homes.set(this.#homes);
    this.#homes = homes;
    const levels = new Float64Array(capacity);
    levels.set(this.#levels);
    this.#levels = levels;
  }
}

function troughThreshold(negatedTrough: number, distancePpm: number): number {
  return -riseThreshold(-negatedTrough, distancePpm);
}

const asFloat = new Float64Array(1);
const asBits = new BigInt64Array(asFloat.buffer);

/** The largest double smaller than `value`. */
function nextBelow(value: number): number {
  asFloat[0] = value === 0 ? -0 : value;
  const bits = asBits[0] as bigint;
  asBits[0] = bits < 0n ? bits + 1n : bits - 1n;
  return asFloat[0];
}
