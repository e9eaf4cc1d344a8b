/** Public market data over REST in Binance Spot's form: markets with their limits, last prices, closed candles. */
import { Agent, get } from 'node:https';
import {
  type Amount,
  assetCode,
  type Market,
  type MarketStatus,
  parseRate,
  parseUnits,
  type Price,
  type Quantity,
  venueId,
  venueSymbol,
} from '@counterfoil/vocabulary';
import { z } from 'zod';

/** A list of all markets of a large venue has some 10 MB. */
const ANSWER_BYTES_MAX = 32 * 1_048_576;
const ANSWER_MS_MAX = 10_000;
/** Quantities and money are counted as finely as the venue counts fees. */
const MONEY_SCALE = 8;
/** The venue does not state fees to strangers; this is what everybody pays at first. */
const USUAL_FEE = parseRate('0.001');

export interface PublicRestOptions {
  readonly venue: string;
  /** `https://host:port`. */
  readonly url: string;
  /** PEM of the authority to trust besides the usual ones; the paper exchange has its own. */
  readonly ca: string | undefined;
}

/** One closed candle; decimal text. */
export interface PublicCandle {
  readonly openAtMs: number;
  readonly closeAtMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

/** The venue did not answer, or not in the expected form. Prices and markets stay as they were. */
export class PublicDataError extends Error {
  override readonly name = 'PublicDataError';
}

export class PublicRest {
  readonly #options: PublicRestOptions;
  readonly #agent: Agent;
  /** By `performance.now()`: until then the venue wants to hear nothing. */
  #pausedUntilMs = 0;

  constructor(options: PublicRestOptions) {
    this.#options = options;
    this.#agent = new Agent({
      keepAlive: true,
      maxSockets: 4,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    });
  }

  /** The markets of these symbols, or all of them. */
  async markets(symbols?: readonly string[]): Promise<readonly Market[]> {
    const query = symbols === undefined ? {} : { symbols: JSON.stringify(symbols) };
    const info = exchangeInfo.parse(await this.#ask('/api/v3/exchangeInfo', query));
    return info.symbols.map((symbol) => marketOf(this.#options.venue, symbol));
  }

  /** Where the prices of simulated markets come from, by symbol; a real venue's markets are not in it. */
  async origins(): Promise<ReadonlyMap<string, PriceOrigin>> {
    const info = exchangeInfo.parse(await this.#ask('/api/v3/exchangeInfo', {}));
    const origins = new Map<string, PriceOrigin>();
    for (const { symbol, simulated } of info.symbols)
      if (simulated !== undefined) origins.set(symbol, simulated);
    return origins;
  }

  /** Last price, as decimal text. */
  async price(symbol: string): Promise<string> {
    return tickerPrice.parse(await this.#ask('/api/v3/ticker/price', { symbol })).price;
  }

  /** The average price at which the venue values a market order against its smallest one, as decimal text. */
  async averagePrice(symbol: string): Promise<string> {
    return tickerPrice.parse(await this.#ask('/api/v3/avgPrice', { symbol })).price;
  }

  /** The last `limit` closed candles of `interval`, oldest first. */
  async candles(
    symbol: string,
    interval: string,
    limit: number,
    nowMs: number,
  ): Promise<readonly PublicCandle[]> {
    const rows = klines.parse(
      await this.#ask('/api/v3/klines', { symbol, interval, limit: String(Math.min(limit + 1, 1_000)) }),
    );
    return rows
      .map(([openAtMs, open, high, low, close, volume, closeAtMs]) => ({
        openAtMs,
        closeAtMs,
        open,
        high,
        low,
        close,
        volume,
      }))
      .filter((candle) => candle.closeAtMs < nowMs)
      .slice(-limit);
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(path: string, query: Readonly<Record<string, string>>): Promise<unknown> {
    const url = new URL(path, this.#options.url);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return new Promise((resolve, reject) => {
      const fail = (cause: unknown): void =>
        reject(new PublicDataError(`${url.host} did not answer ${path}: ${String(cause)}`, { cause }));
      // Whoever goes on asking is banned, and the vault's orders leave from the same address.
      if (performance.now() < this.#pausedUntilMs) return fail('it demands a pause');
      const request = get(url, { agent: this.#agent, timeout: ANSWER_MS_MAX }, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) request.destroy(new Error('the answer is too long'));
          else chunks.push(chunk);
        });
        response.on('error', fail);
        response.on('end', () => {
          if (PAUSES.has(response.statusCode ?? 0))
            this.#pausedUntilMs = performance.now() + pauseMs(response.headers['retry-after']);
          if (response.statusCode !== 200) return fail(`HTTP ${response.statusCode}`);
          try {
            resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')));
          } catch (error) {
            fail(error);
          }
        });
      });
      request.on('timeout', () => request.destroy(new Error(`no answer within ${ANSWER_MS_MAX} ms`)));
      request.on('error', fail);
    });
  }
}

/** "Too many requests", and Binance's "banned". */
const PAUSES = new Set([429, 418]);
/** Where the venue does not say how long. */
const PAUSE_MS_MIN = 1_000;

/** `Retry-After` is in whole seconds. */
function pauseMs(asked: string | undefined): number {
  const ms = Number(asked ?? 0) * 1_000;
  return Number.isFinite(ms) ? Math.max(ms, PAUSE_MS_MIN) : PAUSE_MS_MIN;
}

const priceOrigin = z.enum(['synthetic', 'recorded', 'live']);
export type PriceOrigin = z.infer<typeof priceOrigin>;
const decimal = z.string().max(40);
const filter = z.looseObject({ filterType: z.string() });
const symbolInfo = z.looseObject({
  symbol: z.string(),
  status: z.string(),
  baseAsset: z.string(),
  quoteAsset: z.string(),
  quoteOrderQtyMarketAllowed: z.boolean().optional(),
  simulated: priceOrigin.optional(),
  filters: z.array(filter),
});
const exchangeInfo = z.looseObject({ symbols: z.array(symbolInfo) });
const tickerPrice = z.looseObject({ price: decimal });
const klines = z.array(
  z.tuple([z.int(), decimal, decimal, decimal, decimal, decimal, z.int()]).rest(z.unknown()),
);

const priceFilter = z.looseObject({ minPrice: decimal, maxPrice: decimal, tickSize: decimal });
const lotFilter = z.looseObject({ minQty: decimal, maxQty: decimal, stepSize: decimal });
const marketLotFilter = z.looseObject({ maxQty: decimal });
const notionalFilter = z.looseObject({ minNotional: decimal, maxNotional: decimal.optional() });

const STATUS: Readonly<Record<string, MarketStatus>> = {
  TRADING: 'trading',
  CANCEL_ONLY: 'cancelOnly',
  BREAK: 'closed',
};

function marketOf(venue: string, info: z.infer<typeof symbolInfo>): Market {
  const named = (type: string): unknown => info.filters.find((one) => one.filterType === type);
  const price = priceFilter.parse(named('PRICE_FILTER'));
  const lot = lotFilter.parse(named('LOT_SIZE'));
  const marketLot = marketLotFilter.safeParse(named('MARKET_LOT_SIZE')).data;
  const notional = notionalFilter.safeParse(named('NOTIONAL') ?? named('MIN_NOTIONAL')).data;
  const priceScale = decimalsOf(price.tickSize);
  // Each is read at the scale that the market counts it in.
  const priceUnits = (text: string): Price => parseUnits(text, priceScale) as Price;
  const quantityUnits = (text: string): Quantity => parseUnits(text, MONEY_SCALE) as Quantity;
  const amountUnits = (text: string): Amount => parseUnits(text, MONEY_SCALE) as Amount;
  const unlessZero = <T extends bigint>(value: T): T | null => (value === 0n ? null : value);
  return {
    venue: venueId.parse(venue),
    symbol: venueSymbol.parse(info.symbol),
    base: assetCode.parse(info.baseAsset),
    quote: assetCode.parse(info.quoteAsset),
    kind: 'spot',
    status: STATUS[info.status] ?? 'halted',
    priceScale,
    quantityScale: MONEY_SCALE,
    quoteScale: MONEY_SCALE,
    tick: priceUnits(price.tickSize),
    priceMin: priceUnits(price.minPrice),
    priceMax: unlessZero(priceUnits(price.maxPrice)),
    lot: quantityUnits(lot.stepSize),
    quantityMin: quantityUnits(lot.minQty),
    quantityMax: unlessZero(quantityUnits(lot.maxQty)),
    marketQuantityMax: marketLot === undefined ? null : unlessZero(quantityUnits(marketLot.maxQty)),
    notionalMin: amountUnits(notional?.minNotional ?? '0'),
    notionalMax: notional?.maxNotional === undefined ? null : unlessZero(amountUnits(notional.maxNotional)),
    makerFee: USUAL_FEE,
    takerFee: USUAL_FEE,
    contractSize: null,
    leverageMax: 1,
    quoteSized: info.quoteOrderQtyMarketAllowed ?? false,
  };
}

/** Digits after the point without the zeros at the end: `0.01000000` has two. */
function decimalsOf(text: string): number {
  return /\.([0-9]*[1-9])0*$/.exec(text)?.[1]?.length ?? 0;
}
