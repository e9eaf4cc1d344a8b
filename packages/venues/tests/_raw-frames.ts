import { createReadStream } from 'node:fs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** Recorded public data beside the repository; tests that need it skip where it is missing. */
export const MARKET_DATA = join(import.meta.dirname, '../../../../shared/data/market');
export const HAS_DATA = existsSync(MARKET_DATA);

/** Events of a recording in order, each as the text of its data. */
export async function* rawEvents(file: string): AsyncGenerator<string> {
  const input = createReadStream(join(MARKET_DATA, 'binance-raw', file)).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    const frame = line.slice(line.indexOf(' ') + 1);
    const data = frame.indexOf('"data":');
    yield data < 0 ? frame : frame.slice(data + '"data":'.length, -1);
  }
}
