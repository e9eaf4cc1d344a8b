import { setTimeout as delay } from 'node:timers/promises';
import { defaultFillModel, pathInto } from '@counterfoil/engine/fills';
import { readCandleFile, type CandleRow } from '../../history/candle-rows.ts';
import type { Market } from '../core/market.ts';
import { parseUnits } from '../core/units.ts';
import type { Venue } from '../venue.ts';

const PPM = 1_000_000n;
const POINTS_MAX = 4;

export interface CandlePlayback {
  readonly symbol: string;
  /** A candle file as `readCandleFile` takes it. */
  readonly path: string;
  /** Milliseconds between two prices; 0 for as fast as the disk allows. */
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/**
 * Plays recorded candles into a recorded market: each becomes the prices of the engine's path rule, and our
 * orders may trade the fill model's share of its volume at each. Returns the number of candles played.
 */
export async function playCandles(venue: Venue, playback: CandlePlayback): Promise<number> {
  const { symbol, path, everyMs, signal } = playback;
  const market = venue.state.market(symbol);
  const points = new Float64Array(POINTS_MAX);
  let candles = 0;
  for await (const row of readCandleFile(path)) {
    // Ticks are whole numbers far below 2^53, so that the path's floating-point array holds them exactly.
    const [open, high, low, close] = [row.open, row.high, row.low, row.close].map((text) =>
      toTicks(market, text),
    );
    const count = pathInto(points, defaultFillModel.path, open ?? 0, high ?? 0, low ?? 0, close ?? 0);
    const lots = sharedLots(market, row, count);
    for (const ticks of points.subarray(0, count)) {
      if (signal.aborted) return candles;
      venue.run('feed-price', { symbol, ticks, lots });
      if (everyMs > 0) await delay(everyMs);
    }
    candles += 1;
    // Also at full speed: orders must get a turn, and the journal must not run ahead of the disk.
    await venue.durable();
  }
  return candles;
}

/** A price of the file in ticks of the market, rounded down to one. */
function toTicks(market: Market, text: string): number {
  const parsed = parseUnits(text);
  return parsed.ok ? Number(parsed.units / market.spec.rules.tickUnits) : market.lastTicks;
}

/** What may trade at each of a candle's prices: its share of the volume divided among them, at least a lot. */
function sharedLots(market: Market, row: CandleRow, prices: number): number {
  const parsed = parseUnits(row.volume);
  const volume = parsed.ok ? parsed.units : 0n;
  const share = BigInt(defaultFillModel.volumeSharePpm ?? PPM);
  return Math.max(1, Number((volume * share) / PPM / BigInt(prices) / market.spec.rules.lotUnits));
}
