/** The venues that this gate knows. Adding one is a file here and a review. */
import type { Manifest } from '../manifest.ts';
import { binanceSpot } from './binance-spot.ts';
import { kraken } from './kraken.ts';

const all: readonly Manifest[] = [
  binanceSpot({ venue: 'paper', paper: true, host: null, streamHost: null }),
  binanceSpot({
    venue: 'binance',
    paper: false,
    host: 'api.binance.com',
    streamHost: 'ws-api.binance.com',
  }),
  kraken,
];

/** Manifest of a venue, or undefined. */
export function manifestOf(venue: string): Manifest | undefined {
  return all.find((manifest) => manifest.venue === venue);
}
