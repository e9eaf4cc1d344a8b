import { defaultFillModel } from '@counterfoil/engine/fills';
import type { DepthRow } from '../../public/binance-frames.ts';
import type { FedLevel } from '../core/commands.ts';
import type { Venue } from '../venue.ts';

/**
 * What happens on a market outside, in units of 0.00000001. `price`: one of the prices of a candle, with its part
 * of the candle's volume. `trade`: one trade. `book`: what is offered, best first; all of it, or with `isWhole`
 * false only the new best prices.
 */
export type FeedEvent = { readonly recordedAt: number } & (
  | { readonly kind: 'price'; readonly priceUnits: bigint; readonly volumeUnits: bigint }
  | {
      readonly kind: 'trade';
      readonly priceUnits: bigint;
      readonly quantityUnits: bigint;
      readonly isBuyerMaker: boolean;
      /** What is offered around it to takers; 0n where `book` events tell. */
      readonly quotedUnits: bigint;
    }
  | {
      readonly kind: 'book';
      readonly bids: readonly DepthRow[];
      readonly asks: readonly DepthRow[];
      readonly isWhole: boolean;
    }
);

const PPM = 1_000_000n;

/** Lets the market follow one event. Prices between two ticks are rounded down to one. */
export function follow(venue: Venue, symbol: string, event: FeedEvent): void {
  const market = venue.state.market(symbol);
  const { tickUnits, lotUnits } = market.spec.rules;
  const toTicks = (units: bigint): number => Number(units / tickUnits);
  const toLots = (units: bigint): number => Math.max(1, Number(units / lotUnits));
  const { recordedAt } = event;
  switch (event.kind) {
    case 'price': {
      const ticks = toTicks(event.priceUnits);
      const share = BigInt(defaultFillModel.volumeSharePpm ?? PPM);
      const fillableLots = toLots((event.volumeUnits * share) / PPM);
      const isBuyerMaker = ticks < market.lastTicks;
      const lots = toLots(event.volumeUnits);
      const trade = { ticks, lots, isBuyerMaker, fillableLots, quotedLots: fillableLots };
      venue.run('feed-trade', { symbol, recordedAt, ...trade });
      return;
    }
    case 'trade': {
      const lots = toLots(event.quantityUnits);
      // By price priority the trade would have met an order of ours beyond its price first, up to its size.
      const quotedLots = event.quotedUnits === 0n ? 0 : toLots(event.quotedUnits);
      const trade = { ticks: toTicks(event.priceUnits), lots, fillableLots: lots, quotedLots };
      venue.run('feed-trade', { symbol, recordedAt, ...trade, isBuyerMaker: event.isBuyerMaker });
      return;
    }
    case 'book': {
      const toLevels = (rows: readonly DepthRow[]): FedLevel[] =>
        rows.map(([price, quantity]) => [toTicks(price), toLots(quantity)]);
      const levels = { bids: toLevels(event.bids), asks: toLevels(event.asks), isWhole: event.isWhole };
      venue.run('feed-book', { symbol, recordedAt, ...levels });
      return;
    }
  }
}
