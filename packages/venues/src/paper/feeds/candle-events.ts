import { defaultFillModel, pathInto, pathTimeMs } from '@counterfoil/engine/fills';
import { candleRows } from '../../history/candle-rows.ts';
import { parseUnits } from '../core/units.ts';
import type { FeedEvent } from './feed-event.ts';

const MINUTE_MS = 60_000;
const POINTS_MAX = 4;
/** The paper exchange counts in eight decimals; what a file writes behind them is cut. */
const PRECISE = /^\d+(\.\d{1,8})?/;

/** One-minute candles as prices: each candle becomes those of the engine's path rule, spread over its minute. */
export async function* candleEvents(path: string): AsyncGenerator<FeedEvent> {
  const points = new Float64Array(POINTS_MAX);
  for await (const row of candleRows(path)) {
    // Units of a price are whole numbers below 2^53 up to ninety million, so that the array holds them exactly.
    const [open = 0, high = 0, low = 0, close = 0] = [row.open, row.high, row.low, row.close].map((text) =>
      Number(unitsOf(text)),
    );
    const count = pathInto(points, defaultFillModel.path, open, high, low, close);
    const volumeUnits = unitsOf(row.volume) / BigInt(count);
    for (const [point, units] of points.subarray(0, count).entries()) {
      const recordedAt = pathTimeMs(row.openAt, MINUTE_MS, point, count);
      yield { kind: 'price', recordedAt, priceUnits: BigInt(units), volumeUnits };
    }
  }
}

function unitsOf(text: string): bigint {
  const parsed = parseUnits(PRECISE.exec(text)?.[0] ?? text);
  return parsed.ok ? parsed.units : 0n;
}
