import type { Market } from '@counterfoil/vocabulary';
import type { Candles } from '../candles/candles.ts';
import type { Indicator } from '../indicators/bar.ts';
import { createIndicator, indicatorKey } from '../indicators/specification.ts';
import { type IndicatorCondition, type Timeframe, timeframeMs } from '../machines/machine.ts';

/**
 * Where conditions hold on the candles of one market: one byte per candle and condition, computed once however many
 * bots or configurations ask. A condition holds during a row when it was met by the last candle of its timeframe
 * that closed before the row opened.
 */
export class ConditionSeries {
  readonly #candles: Candles;
  readonly #priceUnit: number;
  readonly #volumeUnit: number;
  readonly #values = new Map<string, Float64Array>();
  readonly #holds = new Map<string, Uint8Array>();
  /** Short names of conditions: the objects of a bot's options stay the same, and are asked about at every step. */
  readonly #names = new WeakMap<IndicatorCondition, string>();
  readonly #numbers = new Map<string, string>();

  constructor(candles: Candles, market: Market) {
    this.#candles = candles;
    this.#priceUnit = 10 ** -market.priceScale;
    this.#volumeUnit = 10 ** -market.quantityScale;
  }

  /** One byte per row: 1 where all conditions hold. The array is shared: do not write to it. */
  holding(conditions: readonly IndicatorCondition[]): Uint8Array {
    const [first, second] = conditions;
    const key =
      first !== undefined && second === undefined
        ? this.#nameOf(first)
        : conditions.map((condition) => this.#nameOf(condition)).join('&');
    let holding = this.#holds.get(key);
    if (holding !== undefined) return holding;
    holding = new Uint8Array(this.#candles.length).fill(1);
    for (const condition of conditions) this.#narrow(holding, condition);
    this.#holds.set(key, holding);
    return holding;
  }

  #nameOf(condition: IndicatorCondition): string {
    let name = this.#names.get(condition);
    if (name === undefined) {
      const key = conditionKey(condition);
      name = this.#numbers.get(key) ?? `c${this.#numbers.size}`;
      this.#numbers.set(key, name);
      this.#names.set(condition, name);
    }
    return name;
  }

  #narrow(holding: Uint8Array, condition: IndicatorCondition): void {
    const values = this.#valuesOf(condition);
    const candleMs = timeframeMs[condition.timeframe];
    const everyRow = candleMs === this.#candles.stepMs;
    let before = Number.NaN;
    let group = -1;
    let current = Number.NaN;
    for (let row = 0; row < holding.length; row++) {
      const rowGroup = everyRow ? row : groupOf(this.#candles, row, candleMs);
      if (rowGroup !== group) {
        before = current;
        current = values[row] ?? Number.NaN;
        group = rowGroup;
      }
      if (!conditionHolds(condition, before, current)) holding[row] = 0;
    }
  }

  /** The indicator's value as it stands when each row opens. */
  #valuesOf(condition: IndicatorCondition): Float64Array {
    const key = indicatorKey(condition.indicator, condition.timeframe);
    let values = this.#values.get(key);
    if (values === undefined) {
      values = this.#compute(createIndicator(condition.indicator), condition.timeframe);
      this.#values.set(key, values);
    }
    return values;
  }

  #compute(indicator: Indicator, timeframe: Timeframe): Float64Array {
    const { length, stepMs } = this.#candles;
    const frameMs = timeframeMs[timeframe];
    if (frameMs % stepMs !== 0) {
      throw new RangeError(
        `conditions on ${timeframe} candles need data of ${timeframe} or finer, not ${stepMs / 60_000} minutes`,
      );
    }
    const values = new Float64Array(length);
    if (frameMs === stepMs) this.#followRows(indicator, values);
    else this.#followGroups(indicator, frameMs, values);
    return values;
  }

  /** Most conditions are on the data's own candles, where it is three times as fast: a row is a candle. */
  #followRows(indicator: Indicator, values: Float64Array): void {
    const { open, high, low, close, volume } = this.#candles;
    const [priceUnit, volumeUnit] = [this.#priceUnit, this.#volumeUnit];
    const bar = { open: 0, high: 0, low: 0, close: 0, volume: 0 };
    let value = Number.NaN;
    for (let row = 0; row < values.length; row++) {
      values[row] = value;
      bar.open = (open[row] ?? 0) * priceUnit;
      bar.high = (high[row] ?? 0) * priceUnit;
      bar.low = (low[row] ?? 0) * priceUnit;
      bar.close = (close[row] ?? 0) * priceUnit;
      bar.volume = (volume[row] ?? 0) * volumeUnit;
      value = indicator.next(bar);
    }
  }

  #followGroups(indicator: Indicator, frameMs: number, values: Float64Array): void {
    const { open, high, low, close, volume } = this.#candles;
    const bar = { open: 0, high: -Infinity, low: Infinity, close: 0, volume: 0 };
    let group = -1;
    let value = Number.NaN;
    for (let row = 0; row < values.length; row++) {
      const rowGroup = groupOf(this.#candles, row, frameMs);
      if (rowGroup !== group) {
        if (group >= 0) value = indicator.next(bar);
        group = rowGroup;
        bar.open = (open[row] ?? 0) * this.#priceUnit;
        bar.high = -Infinity;
        bar.low = Infinity;
        bar.volume = 0;
      }
      bar.high = Math.max(bar.high, (high[row] ?? 0) * this.#priceUnit);
      bar.low = Math.min(bar.low, (low[row] ?? 0) * this.#priceUnit);
      bar.close = (close[row] ?? 0) * this.#priceUnit;
      bar.volume += (volume[row] ?? 0) * this.#volumeUnit;
      values[row] = value;
    }
  }
}

/** The closing moment of the last candle of `stepMs` that closed at or before `atMs`. */
export function lastCloseMs(atMs: number, stepMs: number): number {
  return Math.floor(atMs / stepMs) * stepMs;
}

/** The shortest timeframe among conditions: the one whose closing renews them. */
export function renewalMs(conditions: readonly IndicatorCondition[], fallbackMs: number): number {
  let least = Infinity;
  for (const { timeframe } of conditions) least = Math.min(least, timeframeMs[timeframe]);
  return least === Infinity ? fallbackMs : least;
}

function groupOf(candles: Candles, row: number, stepMs: number): number {
  return Math.floor(((candles.openedAtS[row] ?? 0) * 1_000) / stepMs);
}

/** Whether a condition is met by the last closed candle, given the value before and on it. */
export function conditionHolds(condition: IndicatorCondition, before: number, now: number): boolean {
  // A comparison with NaN is false: before its warm-up an indicator meets nothing.
  switch (condition.compare) {
    case 'less':
      return now < condition.level;
    case 'greater':
      return now > condition.level;
    case 'crossing-up':
      return before < condition.level && now >= condition.level;
    case 'crossing-down':
      return before > condition.level && now <= condition.level;
    default:
      return condition.compare satisfies never;
  }
}

function conditionKey(condition: IndicatorCondition): string {
  return `${indicatorKey(condition.indicator, condition.timeframe)}:${condition.compare}:${condition.level}`;
}
