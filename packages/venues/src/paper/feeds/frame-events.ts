import {
  readBookTicker,
  readDepthSnapshot,
  readDepthUpdate,
  readTrade,
  type BookTicker,
  type DepthRow,
} from '../../public/binance-frames.ts';
import { DepthBook } from '../../public/depth-book.ts';
import type { FeedEvent } from './feed-event.ts';

/** A frame of a combined public stream, or the answer of a depth request, with the time of its arrival. */
export interface Frame {
  readonly receivedAt: number;
  readonly text: string;
}

/** As deep as the deepest partial book stream. */
const LEVELS = 20;
/** Recordings begin with the exchange's answer for this many levels. */
const SNAPSHOT_LEVELS = 1_000;

/** Turns the public frames of one market into events; keeps the book that its depth updates describe. */
export class FrameReader {
  readonly #book = new DepthBook();
  #best: BookTicker | null = null;

  /** `null` for a frame that changes nothing here. */
  read({ receivedAt: recordedAt, text }: Frame): FeedEvent | null {
    const data = eventOf(text);
    const ticker = readBookTicker(data);
    if (ticker !== null) return this.#readTicker(ticker, recordedAt);
    const trade = readTrade(data);
    if (trade !== null) {
      const { priceUnits, quantityUnits, isBuyerMaker } = trade;
      return { kind: 'trade', recordedAt, priceUnits, quantityUnits, isBuyerMaker, quotedUnits: 0n };
    }
    const update = readDepthUpdate(data);
    if (update !== null) return this.#book.apply(update) === 'applied' ? this.#wholeBook(recordedAt) : null;
    const snapshot = data.startsWith('{"lastUpdateId"') ? readDepthSnapshot(data) : null;
    if (snapshot === null) return null;
    this.#book.load(snapshot, SNAPSHOT_LEVELS);
    return this.#wholeBook(recordedAt);
  }

  #readTicker(ticker: BookTicker, recordedAt: number): FeedEvent | null {
    if (ticker.updateId <= this.#book.lastUpdateId) return null;
    this.#best = ticker;
    return { kind: 'book', recordedAt, ...bestOf(ticker), isWhole: false };
  }

  /**
   * `null` while best prices that came since are newer than the book. A side of which the book is not sure (the
   * market left the levels of its snapshot) is the last best price.
   */
  #wholeBook(recordedAt: number): FeedEvent | null {
    if (this.#best !== null && this.#best.updateId > this.#book.lastUpdateId) return null;
    const last = this.#best === null ? { bids: [], asks: [] } : bestOf(this.#best);
    const [bids, asks] = [this.#book.bids(LEVELS), this.#book.asks(LEVELS)];
    return {
      kind: 'book',
      recordedAt,
      bids: bids.length === 0 ? last.bids : bids,
      asks: asks.length === 0 ? last.asks : asks,
      isWhole: true,
    };
  }
}

function bestOf(ticker: BookTicker): { readonly bids: DepthRow[]; readonly asks: DepthRow[] } {
  return {
    bids: [[ticker.bidUnits, ticker.bidQuantityUnits]],
    asks: [[ticker.askUnits, ticker.askQuantityUnits]],
  };
}

/** The data of a combined stream's frame, or the text itself. */
function eventOf(text: string): string {
  const data = text.indexOf('"data":');
  return data < 0 ? text : text.slice(data + '"data":'.length, -1);
}
