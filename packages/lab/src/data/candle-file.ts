import { type FileHandle, open, rename, writeFile } from 'node:fs/promises';
import type { CandleColumns } from '@counterfoil/engine';
import { LabError } from '../errors.ts';
import type { ImportedCandles } from './csv.ts';

/**
 * The store's file: 8 bytes `CFCANDL1`, a header of 56 bytes, then the columns one after the other, each begun at a
 * multiple of eight: openings (u32 seconds), open, high, low, close, volume (f64 whole units). Little-endian; read
 * into shared memory as it is, so that workers see the same bytes and nothing is parsed.
 */
const MAGIC = 'CFCANDL1';
const HEADER_BYTES = 64;

export async function writeCandleFile(path: string, candles: ImportedCandles): Promise<void> {
  const { columns } = candles;
  const rows = columns.openedAtS.length;
  const bytes = new Uint8Array(sizeOf(rows));
  bytes.set(new TextEncoder().encode(MAGIC));
  const view = new DataView(bytes.buffer);
  view.setUint32(8, rows, true);
  view.setUint32(12, candles.stepMs, true);
  view.setUint8(16, candles.priceScale);
  view.setUint8(17, candles.quantityScale);
  view.setUint8(18, candles.usualPriceDecimals);
  view.setUint32(20, candles.roundedVolumes, true);
  const into = columnsIn(bytes.buffer, rows);
  for (const name of ['openedAtS', 'open', 'high', 'low', 'close', 'volume'] as const) into[name].set(columns[name]);
  // Written aside and moved: a reader never sees half a file.
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}

/** Throws `LabError` `bad-file` for anything that is not a whole candle file. */
export async function readCandleFile(path: string): Promise<ImportedCandles> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const shared = new SharedArrayBuffer(Math.max(size, HEADER_BYTES));
    await file.read(new Uint8Array(shared), 0, size, 0);
    const { head, rows } = readHead(new Uint8Array(shared, 0, HEADER_BYTES), size, path);
    return { ...head, columns: columnsIn(shared, rows) };
  } finally {
    await file.close();
  }
}

/** What a candle file says of itself, and when its candles open: a tenth of its bytes. */
export interface CandleFileHead extends Omit<ImportedCandles, 'columns'> {
  readonly openedAtS: Uint32Array;
}

/** Throws `LabError` `bad-file` as `readCandleFile` does. */
export async function readCandleHead(path: string): Promise<CandleFileHead> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const { head, rows } = readHead(await readAt(file, HEADER_BYTES, 0), size, path);
    const times = await readAt(file, rows * 4, HEADER_BYTES);
    return { ...head, openedAtS: new Uint32Array(times.buffer, 0, rows) };
  } finally {
    await file.close();
  }
}

/** The opening price of one row, in the file's own units. */
export async function readOpen(path: string, rows: number, row: number): Promise<number> {
  const file = await open(path, 'r');
  try {
    const bytes = await readAt(file, 8, HEADER_BYTES + paddedTimes(rows) + row * 8);
    return new DataView(bytes.buffer).getFloat64(0, true);
  } finally {
    await file.close();
  }
}

async function readAt(file: FileHandle, length: number, position: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await file.read(bytes, 0, length, position);
  return bytes;
}

function readHead(
  bytes: Uint8Array,
  size: number,
  path: string,
): { head: Omit<ImportedCandles, 'columns'>; rows: number } {
  const view = new DataView(bytes.buffer);
  const magic = String.fromCharCode(...bytes.subarray(0, 8));
  const rows = view.getUint32(8, true);
  if (magic !== MAGIC || size !== sizeOf(rows)) {
    throw new LabError('bad-file', `${path} is not a whole candle file; import the CSV file again.`);
  }
  const head = {
    stepMs: view.getUint32(12, true),
    priceScale: view.getUint8(16),
    quantityScale: view.getUint8(17),
    usualPriceDecimals: view.getUint8(18),
    roundedVolumes: view.getUint32(20, true),
    isTrades: false,
  };
  return { head, rows };
}

function sizeOf(rows: number): number {
  return HEADER_BYTES + paddedTimes(rows) + rows * 40;
}

function paddedTimes(rows: number): number {
  return Math.ceil((rows * 4) / 8) * 8;
}

function columnsIn(buffer: ArrayBuffer | SharedArrayBuffer, rows: number): CandleColumns {
  const prices = HEADER_BYTES + paddedTimes(rows);
  const column = (n: number) => new Float64Array(buffer, prices + n * rows * 8, rows);
  return {
    openedAtS: new Uint32Array(buffer, HEADER_BYTES, rows),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
  };
}
