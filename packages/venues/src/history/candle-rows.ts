import { HistoryError } from './history-error.ts';
import { linesOf, millisecondsOf } from './lines.ts';

/** One candle of a file. Decimals stay text: whoever stores them knows the market's scale. */
export interface CandleRow {
  readonly openAt: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

const DECIMAL = /^\d{1,20}(\.\d{1,20})?$/;

/**
 * Rows of one candle file: the public archive's `.zip` (12 columns), or CSV, plain or `.gz`, whose first six
 * columns are open time, open, high, low, close and volume. A header line is skipped; any other line that is
 * not a candle ends the reading with an error that names it.
 */
export async function* candleRows(path: string): AsyncGenerator<CandleRow> {
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    if (line === '' || (number === 1 && /^[a-z"]/i.test(line))) continue;
    const row = parseRow(line);
    if (row === null) {
      throw new HistoryError('bad-row', `${path}, line ${number} is not a candle: ${line.slice(0, 80)}`);
    }
    yield row;
  }
}

function parseRow(line: string): CandleRow | null {
  const [time = '', open = '', high = '', low = '', close = '', volume = ''] = line.split(',');
  if (!/^\d{10,16}$/.test(time)) return null;
  if (![open, high, low, close, volume].every((text) => DECIMAL.test(text))) return null;
  return { openAt: millisecondsOf(time), open, high, low, close, volume };
}
