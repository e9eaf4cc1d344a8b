import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TickColumns } from '../src/candles/ticks.ts';
import { dataPath } from './_candles.ts';

/** Trades of one recorded file of exchange frames, prices to two decimals, volumes to eight. */
export function readTicks(file: string): TickColumns {
  const lines = gunzipSync(readFileSync(dataPath(`binance-raw/${file}`)))
    .toString('latin1')
    .split('\n');
  const trades = lines.flatMap((line) => {
    const found = /"e":"trade".*"p":"([0-9.]+)","q":"([0-9.]+)".*"T":([0-9]+)/.exec(line);
    return found === null ? [] : [found.slice(1).map(Number)];
  });
  const column = (pick: (trade: readonly number[]) => number): Float64Array =>
    Float64Array.from(trades, pick);
  return {
    atMs: column(([, , time = 0]) => time),
    price: column(([price = 0]) => Math.round(price * 100)),
    volume: column(([, quantity = 0]) => Math.round(quantity * 1e8)),
  };
}
