/** An answer of `getCandles` that no market of a fresh installation has yet. */
import type { Candles } from '@counterfoil/api';

const MINUTE_MS = 60_000;

/** So many one-minute candles, the last of which is the minute of `endMs`. */
export function manyCandles(count: number, endMs: number): Candles {
  const last = Math.floor(endMs / MINUTE_MS) * MINUTE_MS;
  const columns = {
    t: [] as number[],
    open: [] as string[],
    high: [] as string[],
    low: [] as string[],
    close: [] as string[],
    volume: [] as string[],
  };
  let price = 62_000;
  for (let minute = 0; minute < count; minute++) {
    const next = price + 20 * Math.sin(minute / 7) + 9 * Math.sin(minute);
    columns.t.push(last - (count - 1 - minute) * MINUTE_MS);
    columns.open.push(price.toFixed(2));
    columns.high.push((Math.max(price, next) + 3).toFixed(2));
    columns.low.push((Math.min(price, next) - 3).toFixed(2));
    columns.close.push(next.toFixed(2));
    columns.volume.push('1');
    price = next;
  }
  return { venue: 'paper', symbol: 'BTCUSDT', timeframe: '1m', ...columns };
}
