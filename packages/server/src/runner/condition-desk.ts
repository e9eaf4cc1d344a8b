/**
 * Conditions on closed candles. Whenever a candle has closed the venue is asked for the last ones, so that a start, a
 * break of the line and an ordinary minute are one path; a condition is computed once, however many bots wait for it.
 */
import {
  conditionHolds,
  createIndicator,
  type IndicatorCondition,
  indicatorKey,
  lastCloseMs,
  type Parked,
  renewalMs,
  type Timeframe,
  timeframeMs,
} from '@counterfoil/engine';
import type { PublicCandle } from '@counterfoil/venues';
import type { LiveBot } from './live-bot.ts';

/** What a venue gives at once, and enough for every indicator to forget how it began. */
const CANDLES_MAX = 999;
/** A venue closes a candle with its first trade afterwards, or a little later. */
const LATE_MS = 300;

/** An indicator's value on the last closed candle and on the one before. */
interface Value {
  readonly closedAtMs: number;
  readonly before: number;
  readonly now: number;
}

export interface CandleSource {
  readonly candles: (
    symbol: string,
    timeframe: Timeframe,
    limit: number,
    nowMs: number,
  ) => Promise<readonly PublicCandle[]>;
}

export class ConditionDesk {
  readonly #source: CandleSource;
  readonly #fire: (bot: LiveBot, parked: Parked) => void;
  readonly #waiting = new Map<LiveBot, readonly Parked[]>();
  readonly #values = new Map<string, Value>();
  readonly #candles = new Map<
    string,
    { readonly closedAtMs: number; readonly rows: readonly PublicCandle[] }
  >();
  #isBusy = false;

  constructor(source: CandleSource, fire: (bot: LiveBot, parked: Parked) => void) {
    this.#source = source;
    this.#fire = fire;
  }

  park(bot: LiveBot, list: readonly Parked[]): void {
    const waiting = list.filter(({ on }) => on.kind === 'conditions');
    if (waiting.length === 0) this.#waiting.delete(bot);
    else this.#waiting.set(bot, waiting);
  }

  /** Fires what holds. Called often; it asks the venue only when a candle has closed. */
  async look(nowMs: number): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (const [bot, list] of this.#waiting) {
        for (const parked of list) if (await this.#isMet(bot, parked, nowMs)) this.#take(bot, parked);
      }
    } finally {
      this.#isBusy = false;
    }
  }

  #take(bot: LiveBot, parked: Parked): void {
    const list = this.#waiting.get(bot);
    // It may have been disarmed while the venue was asked.
    if (list?.includes(parked) !== true) return;
    this.#waiting.set(
      bot,
      list.filter((one) => one !== parked),
    );
    this.#fire(bot, parked);
  }

  async #isMet(bot: LiveBot, { on }: Parked, nowMs: number): Promise<boolean> {
    const symbol = on.kind === 'conditions' ? bot.markets[on.market]?.symbol : undefined;
    if (on.kind !== 'conditions' || symbol === undefined) return false;
    if (on.afterMs !== null && on.conditions.length > 0) {
      const stepMs = renewalMs(on.conditions, timeframeMs['1m']);
      if (lastCloseMs(nowMs - LATE_MS, stepMs) <= on.afterMs) return false;
    }
    for (const condition of on.conditions) {
      const { before, now } = await this.#valueOf(symbol, condition, nowMs);
      if (!conditionHolds(condition, before, now)) return false;
    }
    return true;
  }

  async #valueOf(
    symbol: string,
    { indicator, timeframe }: IndicatorCondition,
    nowMs: number,
  ): Promise<Value> {
    const closedAtMs = lastCloseMs(nowMs - LATE_MS, timeframeMs[timeframe]);
    const key = `${symbol}:${indicatorKey(indicator, timeframe)}`;
    const known = this.#values.get(key);
    if (known?.closedAtMs === closedAtMs) return known;
    const running = createIndicator(indicator);
    let before = Number.NaN;
    let now = Number.NaN;
    for (const row of await this.#candlesOf(symbol, timeframe, closedAtMs, nowMs)) {
      before = now;
      now = running.next({
        open: Number(row.open),
        high: Number(row.high),
        low: Number(row.low),
        close: Number(row.close),
        volume: Number(row.volume),
      });
    }
    const value = { closedAtMs, before, now };
    this.#values.set(key, value);
    return value;
  }

  async #candlesOf(
    symbol: string,
    timeframe: Timeframe,
    closedAtMs: number,
    nowMs: number,
  ): Promise<readonly PublicCandle[]> {
    const key = `${symbol} ${timeframe}`;
    const known = this.#candles.get(key);
    if (known?.closedAtMs === closedAtMs) return known.rows;
    const rows = await this.#source.candles(symbol, timeframe, CANDLES_MAX, nowMs);
    this.#candles.set(key, { closedAtMs, rows });
    return rows;
  }
}
