import type { CandleColumns } from '@counterfoil/engine';
import { LabError } from '../errors.ts';
import { decimalsOf, usualDecimals } from './decimals.ts';

/** Candles, or trades as candles of one price, read from text, with the scales that hold every digit of them. */
export interface ImportedCandles {
  readonly columns: CandleColumns;
  readonly stepMs: number;
  readonly priceScale: number;
  readonly quantityScale: number;
  /** Decimals that most opening prices fit in: a guess at the market's price step. */
  readonly usualPriceDecimals: number;
  /** Digits of volumes beyond eight decimals, which were rounded away. */
  readonly roundedVolumes: number;
  /** Trades: each row is one, at one price, to the second; several may have the same time. */
  readonly isTrades: boolean;
}

/** Told the share that is done, 0 to 1. */
export type OnProgress = (share: number) => void;

/** Rows between two words of progress: some thirty milliseconds. */
const ROWS_PER_WORD = 32_768;

const COLUMNS = ['time', 'open', 'high', 'low', 'close', 'volume'] as const;
/** Sub-satoshi digits in volume columns are noise of floating-point sums, not trade sizes. */
export const QUANTITY_SCALE = 8;
const PRICE_SCALE_MAX = 8;
/** Times up to here are seconds, then milliseconds, then microseconds: 10^11 seconds is the year 5138. */
const SECONDS_MAX = 100_000_000_000;
const MILLISECONDS_MAX = 1_000 * SECONDS_MAX;

/**
 * Reads `time,open,high,low,close,volume` (seconds, milliseconds or microseconds since 1970, opening time), with or without a
 * heading. Throws `LabError` `bad-row` that names row and column. Rows must ascend; holes are fine.
 */
export function parseCandleCsv(
  text: string,
  name: string,
  onProgress: OnProgress = () => undefined,
): ImportedCandles {
  const lines = text.split('\n');
  while (lines.at(-1)?.trim() === '') lines.pop();
  const first = /^[0-9]/.test(lines[0] ?? '') ? 0 : 1;
  const count = lines.length - first;
  if (count < 2) throw new LabError('bad-file', `${name} has ${Math.max(count, 0)} candles; a backtest needs at least 2.`);
  const scales = findScales(lines, first, name);
  const columns = emptyColumns(count);
  for (let row = 0; row < count; row++) {
    if (row % ROWS_PER_WORD === 0) onProgress(row / count);
    readRow(columns, row, lines[first + row] ?? '', first + row + 1, scales.price, name);
  }
  return {
    columns,
    stepMs: commonStepMs(columns.openedAtS),
    priceScale: scales.price,
    quantityScale: QUANTITY_SCALE,
    usualPriceDecimals: scales.usual,
    roundedVolumes: scales.roundedVolumes,
    isTrades: false,
  };
}

function readRow(columns: CandleColumns, row: number, line: string, lineNumber: number, priceScale: number, name: string): void {
  const cells = line.split(',');
  const fail = (column: number, what: string): never => {
    throw new LabError('bad-row', `${name} row ${lineNumber}, column ${column + 1} (${COLUMNS[column] ?? '?'}): ${what}`);
  };
  if (cells.length < 6) fail(cells.length, `missing; a row has ${COLUMNS.join(', ')}.`);
  const value = (column: number): number => {
    const cell = (cells[column] ?? '').trim();
    const number = cell === '' ? Number.NaN : Number(cell);
    if (!Number.isFinite(number)) fail(column, `${JSON.stringify(cell)} is not a number.`);
    return number;
  };
  const time = value(0);
  const seconds = time > MILLISECONDS_MAX ? time / 1_000_000 : time > SECONDS_MAX ? time / 1_000 : time;
  if (!Number.isInteger(seconds) || seconds < 0) fail(0, `${time} is not a time in whole seconds.`);
  const before = row === 0 ? -1 : (columns.openedAtS[row - 1] ?? -1);
  if (seconds <= before) fail(0, seconds === before ? 'the same time as the row before.' : 'earlier than the row before; sort the file by time.');
  columns.openedAtS[row] = seconds;
  const price = (column: number): number => {
    const units = Math.round(value(column) * 10 ** priceScale);
    if (units <= 0) fail(column, 'a price must be above zero.');
    if (!Number.isSafeInteger(units)) fail(column, `${cells[column]} has more digits than can be kept exactly.`);
    return units;
  };
  const [open, high, low, close] = [price(1), price(2), price(3), price(4)];
  if (high < Math.max(open, low, close)) fail(2, `the high ${cells[2]} is below another price of the row.`);
  if (low > Math.min(open, close)) fail(3, `the low ${cells[3]} is above another price of the row.`);
  columns.open[row] = open;
  columns.high[row] = high;
  columns.low[row] = low;
  columns.close[row] = close;
  const volume = value(5);
  if (volume < 0) fail(5, 'a volume cannot be negative.');
  columns.volume[row] = Math.round(volume * 10 ** QUANTITY_SCALE);
}

function findScales(lines: readonly string[], first: number, name: string): { price: number; usual: number; roundedVolumes: number } {
  const opens = new Array<number>(PRICE_SCALE_MAX + 1).fill(0);
  let most = 0;
  let roundedVolumes = 0;
  for (let i = first; i < lines.length; i++) {
    const cells = (lines[i] ?? '').split(',');
    for (let column = 1; column <= 4; column++) most = Math.max(most, decimalsOf(cells[column] ?? ''));
    const open = Math.min(decimalsOf(cells[1] ?? ''), PRICE_SCALE_MAX);
    opens[open] = (opens[open] ?? 0) + 1;
    if (decimalsOf(cells[5] ?? '') > QUANTITY_SCALE) roundedVolumes++;
  }
  if (most > PRICE_SCALE_MAX) {
    throw new LabError('bad-file', `${name} has prices with ${most} decimals; ${PRICE_SCALE_MAX} can be kept exactly. Round the file first.`);
  }
  return { price: most, usual: usualDecimals(opens), roundedVolumes };
}

/** The distance that most neighbouring rows have. */
function commonStepMs(openedAtS: Uint32Array): number {
  const counts = new Map<number, number>();
  for (let row = 1; row < openedAtS.length; row++) {
    const step = (openedAtS[row] ?? 0) - (openedAtS[row - 1] ?? 0);
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [[step] = [60]] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return step * 1_000;
}

function emptyColumns(count: number): CandleColumns {
  const column = () => new Float64Array(new SharedArrayBuffer(count * 8));
  return {
    openedAtS: new Uint32Array(new SharedArrayBuffer(count * 4)),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
}
