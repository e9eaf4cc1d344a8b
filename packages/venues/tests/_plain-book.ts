import assert from 'node:assert/strict';
import { readDepthSnapshot, readDepthUpdate, type DepthUpdate } from '../src/public/binance-frames.ts';
import { DepthBook } from '../src/public/depth-book.ts';
import { rawEvents } from './_raw-frames.ts';

type PlainRows = readonly (readonly [string, string])[];

/**
 * A book as plain as can be: two maps, sorted whenever it is asked for, only as deep as the snapshot told of.
 * Units are numbers here, which hold them exactly.
 */
class PlainBook {
  readonly #sides = { bids: new Map<number, number>(), asks: new Map<number, number>() };
  #horizon = { bids: 0, asks: 0 };

  load(event: string): void {
    const { bids, asks } = JSON.parse(event) as Record<'bids' | 'asks', PlainRows>;
    this.#set('bids', bids);
    this.#set('asks', asks);
    this.#horizon = { bids: number(bids.at(-1)?.[0] ?? ''), asks: number(asks.at(-1)?.[0] ?? '') };
  }

  apply(event: string): void {
    const { b, a } = JSON.parse(event) as Record<'b' | 'a', PlainRows>;
    this.#set('bids', b);
    this.#set('asks', a);
  }

  /** Prices and quantities in turn, best price first. */
  levels(side: 'bids' | 'asks'): number[] {
    const horizon = this.#horizon[side];
    const prices = Float64Array.from(this.#sides[side].keys())
      .filter((price) => (side === 'bids' ? price >= horizon : price <= horizon))
      .sort();
    if (side === 'bids') prices.reverse();
    return Array.from(prices, (price) => [price, this.#sides[side].get(price) ?? 0]).flat();
  }

  #set(side: 'bids' | 'asks', rows: PlainRows): void {
    for (const [price, quantity] of rows) {
      if (number(quantity) > 0) this.#sides[side].set(number(price), number(quantity));
      else this.#sides[side].delete(number(price));
    }
  }
}

export const units = (text: string): bigint => BigInt(text.replace('.', ''));
const number = (text: string): number => Number(text.replace('.', ''));

/** The recording began with a request for this many levels. */
export const SNAPSHOT_LEVELS = 1_000;

/** Compares every level of both sides after every update; `spoil` may change what our book is given. */
export async function compareWholeBook(
  files: readonly string[],
  spoil: (update: DepthUpdate, updates: number) => DepthUpdate = (update) => update,
): Promise<{ readonly updates: number; readonly levels: number }> {
  const book = new DepthBook();
  const plain = new PlainBook();
  const early: string[] = [];
  let hasSnapshot = false;
  let updates = 0;
  let levels = 0;
  for (const file of files) {
    for await (const event of rawEvents(file)) {
      const snapshot = event.startsWith('{"lastUpdateId"') ? readDepthSnapshot(event) : null;
      if (snapshot !== null) {
        book.load(snapshot, SNAPSHOT_LEVELS);
        plain.load(event);
        hasSnapshot = true;
        for (const update of early) {
          if ((readDepthUpdate(update)?.lastUpdateId ?? 0) > snapshot.lastUpdateId) plain.apply(update);
        }
      }
      const update = readDepthUpdate(event);
      if (update === null) continue;
      if (!hasSnapshot) early.push(event);
      if (book.apply(spoil(update, updates)) !== 'applied') continue;
      plain.apply(event);
      updates += 1;
      for (const side of ['bids', 'asks'] as const) {
        const expected = plain.levels(side);
        levels += expected.length / 2;
        const found = book[side](Number.POSITIVE_INFINITY).flat().map(Number);
        const isSame = found.length === expected.length && found.every((unit, at) => unit === expected[at]);
        // The slow comparison only where it has something to say.
        if (!isSame) assert.deepEqual(found, expected, `${side} at ${update.lastUpdateId}`);
      }
    }
  }
  return { updates, levels };
}
