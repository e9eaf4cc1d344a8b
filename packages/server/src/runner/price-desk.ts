/**
 * Everything that waiting bots are parked on, of all bots of this worker in one book: a price is told once, however
 * many wait for it.
 */
import { type Parked, type Trigger, TriggerBook, type TriggerHandle } from '@counterfoil/engine';
import { type Market, type Price, rescaleUnits } from '@counterfoil/vocabulary';
import type { LiveBot } from './live-bot.ts';
import type { StoredParked } from './stored.ts';

interface Armed {
  readonly parked: Parked;
  readonly handle: TriggerHandle;
}

/** Prices in public frames have eight decimals. */
const FRAME_SCALE = 8;

export type Fire = (bot: LiveBot, parked: Parked) => void;

export class PriceDesk {
  readonly #book = new TriggerBook();
  readonly #armed = new Map<LiveBot, Map<string, Armed>>();
  readonly #waiting = new Map<TriggerHandle, { readonly bot: LiveBot; readonly name: string }>();
  readonly #prices = new Map<string, bigint>();
  readonly #kept = new WeakMap<LiveBot, string>();
  readonly #fire: Fire;

  constructor(fire: Fire) {
    this.#fire = fire;
  }

  /** Triggers that wait. */
  get armed(): number {
    return this.#book.armed;
  }

  /** The last price of a market, in its units; null before the first. */
  priceOf(market: Market): Price | null {
    const units = this.#prices.get(market.symbol);
    return units === undefined
      ? null
      : (rescaleUnits(units, FRAME_SCALE, market.priceScale, 'floor') as Price);
  }

  /** A price of the public feed, in units of 10^-8. */
  tell(symbol: string, units: bigint): void {
    if (this.#prices.get(symbol) === units) return;
    this.#prices.set(symbol, units);
    // Levels are whole price units below 2^53; of the price so are its eight decimals up to 90 million.
    this.#fireAll(this.#book.tell(symbol, Number(units)));
  }

  tellTime(nowMs: number): void {
    this.#fireAll(this.#book.tellTime(nowMs));
  }

  /** What the bot waits for from now on: the whole list. A trail keeps its peak; after a restart it gets it back. */
  park(bot: LiveBot, list: readonly StoredParked[]): void {
    const armed = this.#armed.get(bot) ?? new Map<string, Armed>();
    const wanted = new Map(list.map((one) => [one.name, one]));
    for (const [name, one] of armed) {
      if (isSame(one.parked, wanted.get(name))) continue;
      this.#book.disarm(one.handle);
      this.#waiting.delete(one.handle);
      armed.delete(name);
    }
    for (const one of list) {
      if (armed.has(one.name)) continue;
      const trigger = triggerOf(one, bot.markets);
      if (trigger === null) continue;
      const handle = this.#book.arm(trigger);
      armed.set(one.name, { parked: one, handle });
      this.#waiting.set(handle, { bot, name: one.name });
    }
    if (armed.size === 0) this.#armed.delete(bot);
    else this.#armed.set(bot, armed);
  }

  /** What each trail of the bot has reached, in the market's price units: about to be written down. */
  extremesOf(bot: LiveBot): ReadonlyMap<string, number> {
    const extremes = this.#extremes(bot);
    if (extremes.size > 0) this.#kept.set(bot, JSON.stringify([...extremes]));
    return extremes;
  }

  /** Whether a trail has gone further than what was written down last. */
  hasNewPeaks(bot: LiveBot): boolean {
    const extremes = this.#extremes(bot);
    return extremes.size > 0 && this.#kept.get(bot) !== JSON.stringify([...extremes]);
  }

  #extremes(bot: LiveBot): ReadonlyMap<string, number> {
    const extremes = new Map<string, number>();
    for (const [name, { parked, handle }] of this.#armed.get(bot) ?? []) {
      const extreme = this.#book.extremeOf(handle);
      const market = parked.on.kind === 'price' ? bot.markets[parked.on.market] : undefined;
      if (extreme !== null && market !== undefined) extremes.set(name, Math.round(extreme / unitOf(market)));
    }
    return extremes;
  }

  #fireAll(handles: readonly TriggerHandle[]): void {
    for (const handle of handles) {
      const waiting = this.#waiting.get(handle);
      if (waiting === undefined) continue;
      this.#waiting.delete(handle);
      const armed = this.#armed.get(waiting.bot);
      const one = armed?.get(waiting.name);
      armed?.delete(waiting.name);
      if (one !== undefined) this.#fire(waiting.bot, one.parked);
    }
  }
}

/** How many frame units one price unit of the market is: markets with one symbol share a series. */
function unitOf(market: Market): number {
  return 10 ** (FRAME_SCALE - market.priceScale);
}

/** Null for what only closed candles fire. */
function triggerOf({ on, extreme }: StoredParked, markets: readonly Market[]): Trigger | null {
  if (on.kind === 'time') return { kind: 'time', at: on.atMs };
  const market = markets[on.market];
  if (on.kind === 'conditions' || market === undefined) return null;
  const { condition } = on;
  const unit = unitOf(market);
  const scaled =
    'from' in condition
      ? { ...condition, from: (extreme ?? condition.from) * unit }
      : { ...condition, level: condition.level * unit };
  return { kind: 'series', series: market.symbol, condition: scaled };
}

function isSame(a: Parked, b: Parked | undefined): boolean {
  return b !== undefined && JSON.stringify(a.on) === JSON.stringify(b.on);
}
