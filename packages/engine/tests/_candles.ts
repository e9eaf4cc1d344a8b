import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Candles, candlesOf } from '../src/candles/candles.ts';

/** Real candles lie beside the repository; where they do not, tests that need them say so. */
const folder = join(import.meta.dirname, '../../../../shared/data/market');

export const dataReason = existsSync(folder) ? undefined : 'data folder absent';

export function dataPath(file: string): string {
  return join(folder, file);
}

export const BTC = 'bitfinex-1m/BTC_USD_1m_2020-03_2021-02.csv.gz';
export const XMR = 'bitfinex-1m/XMR_USD_1m_2020-03_2021-02.csv.gz';

/** Reads a file of one-minute candles, prices at `priceScale` and volumes at `quantityScale` decimals (rounded). */
export function readCandles(file: string, priceScale: number, quantityScale: number): Candles {
  const rows = gunzipSync(readFileSync(dataPath(file)))
    .toString('latin1')
    .trimEnd()
    .split('\n')
    .slice(1);
  const column = () => new Float64Array(rows.length);
  const columns = {
    openedAtS: new Uint32Array(rows.length),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  for (const [row, line] of rows.entries()) {
    const [time = 0, open = 0, high = 0, low = 0, close = 0, volume = 0] = line.split(',').map(Number);
    columns.openedAtS[row] = time / 1_000;
    columns.open[row] = Math.round(open * 10 ** priceScale);
    columns.high[row] = Math.round(high * 10 ** priceScale);
    columns.low[row] = Math.round(low * 10 ** priceScale);
    columns.close[row] = Math.round(close * 10 ** priceScale);
    columns.volume[row] = Math.round(volume * 10 ** quantityScale);
  }
  return candlesOf(columns, 60_000);
}
