/**
 * The gate's own word on a market: order book and 24 h volume, read over its own TLS through the manifest's pointers.
 * Nothing that the server or the builder says of a price is believed.
 */
import { type Decimal, compare, multiply, subtract } from '@counterfoil/vocabulary';
import { nowMs } from './clock.ts';
import type { PublicRead } from './manifest.ts';
import { type Json, decimalAt, decimalOf, listAt, parseJson } from './pointer.ts';
import type { VenueClient } from './venue-client.ts';

/** Older than this a price says nothing about now, and nothing is opened on it. */
const STALE_MS = 5_000;
/** From this age on a newer one is fetched beside the order that uses it, so that orders rarely wait. */
const REFRESH_MS = 2_500;

type Level = readonly [price: Decimal, quantity: Decimal];

export interface Reference {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
  readonly volume: Decimal;
  /** When it was asked for: never later than what it says. */
  readonly atMs: number;
}

/** The price of the last level that an order of this size reaches; null where the book is not deep enough. */
export function worstPrice(
  levels: readonly Level[],
  amount: Decimal,
  sizedBy: 'base' | 'quote',
): Decimal | null {
  let left = amount;
  for (const [price, quantity] of levels) {
    left = subtract(left, sizedBy === 'base' ? quantity : multiply(price, quantity));
    if (left.units <= 0n) return price;
  }
  return null;
}

export class References {
  readonly #client: Pick<VenueClient, 'manifest' | 'read'>;
  readonly #known = new Map<string, Reference>();
  readonly #coming = new Map<string, Promise<void>>();

  constructor(client: Pick<VenueClient, 'manifest' | 'read'>) {
    this.#client = client;
  }

  /** Not older than `STALE_MS`, or null where the venue does not say. */
  async fresh(symbol: string): Promise<Reference | null> {
    const known = this.known(symbol);
    if (known === null) await this.#refresh(symbol);
    else if (nowMs() - known.atMs > REFRESH_MS) void this.#refresh(symbol);
    return this.known(symbol);
  }

  /** What is known now. */
  known(symbol: string): Reference | null {
    const known = this.#known.get(symbol);
    return known === undefined || nowMs() - known.atMs > STALE_MS ? null : known;
  }

  #refresh(symbol: string): Promise<void> {
    const coming = this.#coming.get(symbol) ?? this.#read(symbol).finally(() => this.#coming.delete(symbol));
    this.#coming.set(symbol, coming);
    return coming;
  }

  async #read(symbol: string): Promise<void> {
    const { book, day } = this.#client.manifest.publicReads;
    const atMs = nowMs();
    try {
      const [books, days] = await Promise.all([this.#ask(book, symbol), this.#ask(day, symbol)]);
      const bids = levels(books, book.bids, symbol);
      const asks = levels(books, book.asks, symbol);
      const [bid, ask] = [bids[0], asks[0]];
      // A crossed or empty book is no price.
      if (bid === undefined || ask === undefined || compare(bid[0], ask[0]) >= 0) return;
      const stated = decimalAt(days, day.volume, symbol);
      const volume = day.times === undefined ? stated : multiply(stated, decimalAt(days, day.times, symbol));
      this.#known.set(symbol, { bids, asks, volume, atMs });
    } catch {
      // What cannot be read is not known: `known` says so.
    }
  }

  async #ask(read: PublicRead, symbol: string): Promise<Json> {
    const { status, body } = await this.#client.read(`${read.path}${encodeURIComponent(symbol)}`);
    if (status !== 200) throw new Error(`HTTP ${status}`);
    return parseJson(body);
  }
}

function levels(json: Json, pointer: string, symbol: string): readonly Level[] {
  return listAt(json, pointer, symbol).map((level) => {
    const [price, quantity] = Array.isArray(level) ? (level as unknown[]) : [];
    return [decimalOf(price), decimalOf(quantity)];
  });
}
