/** Markets, last prices and candles as the API shows them: public data of the one venue that there is. */
import type { Market as MarketView } from '@counterfoil/api';
import type { Candles, Timeframe } from '@counterfoil/api';
import { MarketStream, type PriceOrigin, PublicRest } from '@counterfoil/venues';
import {
  formatAmount,
  formatPrice,
  formatQuantity,
  formatTrimmed,
  type Market,
  parsePrice,
  type Price,
  rescaleUnits,
} from '@counterfoil/vocabulary';
import { HttpProblem, notFound } from '../problem.ts';

/** Limits of a market change rarely, its status now and then: a halt is shown this late. */
const MARKETS_MS_MAX = 5_000;
/** Prices in public frames have eight decimals. */
const FRAME_SCALE = 8;

interface Seen {
  readonly units: bigint;
  readonly atMs: number;
}

export interface MarketSource {
  /** `https://host:port`. */
  readonly venueUrl: string;
  readonly ca: string | undefined;
  readonly onPrice: (symbol: string, price: string, atMs: number) => void;
  readonly onLine: (isOpen: boolean) => void;
}

export class MarketBook {
  readonly #rest: PublicRest;
  readonly #stream: MarketStream;
  readonly #source: MarketSource;
  readonly #prices = new Map<string, Seen>();
  /** A paper market keeps its source for good, so it is asked for once. */
  #origins: ReadonlyMap<string, PriceOrigin> | null = null;
  #markets: { readonly list: Promise<readonly Market[]>; readonly until: number } | null = null;

  constructor(source: MarketSource) {
    this.#source = source;
    this.#rest = new PublicRest({ venue: 'paper', url: source.venueUrl, ca: source.ca });
    this.#stream = new MarketStream({
      url: source.venueUrl.replace('https:', 'wss:'),
      ca: source.ca,
      onTrade: ({ symbol, priceUnits }) => this.#tell(symbol, priceUnits, Date.now()),
      onOpen: () => source.onLine(true),
      onLost: () => source.onLine(false),
    });
  }

  async markets(): Promise<readonly Market[]> {
    if (this.#markets === null || this.#markets.until < Date.now()) {
      const list = this.#list();
      this.#markets = { list, until: Date.now() + MARKETS_MS_MAX };
      list.catch(() => (this.#markets = null));
    }
    const markets = await this.#markets.list.catch(() => {
      throw new HttpProblem('busy', 'The venue’s markets cannot be read now; nothing was done. Try again.');
    });
    for (const { symbol } of markets) this.#stream.subscribe(symbol);
    return markets;
  }

  async #list(): Promise<readonly Market[]> {
    this.#origins ??= await this.#rest.origins();
    return this.#rest.markets();
  }

  async market(symbol: string): Promise<Market> {
    const found = (await this.markets()).find((market) => market.symbol === symbol);
    if (found === undefined) throw notFound('market');
    return found;
  }

  async marketsOf(symbols: readonly string[]): Promise<readonly Market[]> {
    return Promise.all(symbols.map((symbol) => this.market(symbol)));
  }

  /** The last price, asked for where no trade has been seen yet. */
  async price(market: Market): Promise<Price> {
    const seen = this.#prices.get(market.symbol);
    if (seen !== undefined) return rescaleUnits(seen.units, FRAME_SCALE, market.priceScale, 'floor') as Price;
    const text = await this.#rest.price(market.symbol).catch(() => {
      throw new HttpProblem('busy', 'The venue tells no price now; nothing was done. Try again.');
    });
    const price = parsePrice(market, trimmed(text));
    this.#tell(market.symbol, rescaleUnits(price, market.priceScale, FRAME_SCALE, 'floor'), Date.now());
    return price;
  }

  view(market: Market): MarketView {
    const seen = this.#prices.get(market.symbol);
    return {
      venue: market.venue,
      symbol: market.symbol,
      base: market.base,
      quote: market.quote,
      environment: 'paper',
      origin: this.#origins?.get(market.symbol) ?? 'synthetic',
      status: market.status,
      tick: formatPrice(market, market.tick),
      lot: formatQuantity(market, market.lot),
      quantityMin: formatQuantity(market, market.quantityMin),
      notionalMin: formatAmount(market, market.notionalMin),
      makerFee: formatTrimmed(market.makerFee, 6),
      takerFee: formatTrimmed(market.takerFee, 6),
      price: seen === undefined ? null : formatTrimmed(seen.units, FRAME_SCALE),
      priceAt: seen === undefined ? null : new Date(seen.atMs).toISOString(),
    };
  }

  async candles(symbol: string, timeframe: Timeframe, limit: number): Promise<Candles> {
    const market = await this.market(symbol);
    const rows = await this.#rest.candles(symbol, timeframe, limit, Date.now()).catch(() => {
      throw new HttpProblem('busy', 'The venue tells no candles now. Try again.');
    });
    return {
      venue: market.venue,
      symbol,
      timeframe,
      t: rows.map((row) => row.openAtMs),
      open: rows.map((row) => trimmed(row.open)),
      high: rows.map((row) => trimmed(row.high)),
      low: rows.map((row) => trimmed(row.low)),
      close: rows.map((row) => trimmed(row.close)),
      volume: rows.map((row) => trimmed(row.volume)),
    };
  }

  close(): void {
    this.#stream.close();
    this.#rest.close();
  }

  #tell(symbol: string, units: bigint, atMs: number): void {
    if (this.#prices.get(symbol)?.units === units) return;
    this.#prices.set(symbol, { units, atMs });
    this.#source.onPrice(symbol, formatTrimmed(units, FRAME_SCALE), atMs);
  }
}

/** Without the zeros that venues fill up with: `61240.50000000` is `61240.5`. */
function trimmed(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
