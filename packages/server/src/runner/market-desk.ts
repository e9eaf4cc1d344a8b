/** What the venue demands on the markets of the bots, and whether they trade at all. */
import type { PublicRest } from '@counterfoil/venues';
import { formatPrice, formatQuantity, type Market, withSteps } from '@counterfoil/vocabulary';
import { every } from './every.ts';

/**
 * A halt is noticed this late; orders sent meanwhile are refused by the venue and asked for again. The answer costs a
 * three-hundredth of what an address may ask in a minute, and every worker asks.
 */
const ROUND_MS = 15_000;
/** Bots that are loaded together ask together. */
const SOON_MS = 100;

export class MarketDesk {
  /** By symbol, as read last; what has not been read yet is undefined. */
  readonly #markets = new Map<string, Market | undefined>();
  readonly #rest: PublicRest;
  readonly #log: (line: string) => void;
  readonly #stop: () => Promise<void>;
  #isReadingSoon = false;

  constructor(rest: PublicRest, log: (line: string) => void) {
    this.#rest = rest;
    this.#log = log;
    this.#stop = every(ROUND_MS, () => this.#read(), log);
  }

  get symbols(): Iterable<string> {
    return this.#markets.keys();
  }

  /** The market as its venue states it now; undefined before it was read. */
  today(symbol: string): Market | undefined {
    return this.#markets.get(symbol);
  }

  /** Whether it takes no orders now. */
  isClosed(symbol: string): boolean {
    const status = this.#markets.get(symbol)?.status;
    return status !== undefined && status !== 'trading';
  }

  /** False where it was followed already. */
  follow(symbol: string): boolean {
    if (this.#markets.has(symbol)) return false;
    this.#markets.set(symbol, undefined);
    if (!this.#isReadingSoon) {
      this.#isReadingSoon = true;
      setTimeout(() => {
        this.#isReadingSoon = false;
        this.#read().catch((error: unknown) => this.#log(String(error)));
      }, SOON_MS).unref();
    }
    return true;
  }

  close(): Promise<void> {
    return this.#stop();
  }

  async #read(): Promise<void> {
    if (this.#markets.size === 0) return;
    for (const market of await this.#rest.markets([...this.#markets.keys()])) {
      const { symbol, status, tick, lot } = market;
      const known = this.#markets.get(symbol) ?? market;
      this.#markets.set(symbol, market);
      if (withSteps(known, market) !== known)
        this.#log(
          `${symbol}: prices step by ${formatPrice(market, tick)} now, quantities by ${formatQuantity(market, lot)}`,
        );
      if (known.status !== status || (known === market && status !== 'trading'))
        this.#log(`${symbol}: the market is ${status} now`);
    }
  }
}
