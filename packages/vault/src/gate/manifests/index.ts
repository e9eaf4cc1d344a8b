/** The venues that this gate knows. Adding one is a file here and a review. */
import type { Manifest } from '../manifest.ts';
import { binanceSpot } from './binance-spot.ts';

const all: readonly Manifest[] = [binanceSpot({ venue: 'paper', paper: true, host: null, streamHost: null })];

/** Manifest of a venue, or undefined. */
export function manifestOf(venue: string): Manifest | undefined {
  return all.find((manifest) => manifest.venue === venue);
}
