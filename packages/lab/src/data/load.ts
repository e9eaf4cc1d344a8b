import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { HistoryError, unzipSingle } from '@counterfoil/venues/history';
import { LabError } from '../errors.ts';
import { readCandleFile } from './candle-file.ts';
import { type ImportedCandles, type OnProgress, parseCandleCsv } from './csv.ts';
import { parseTrades, tradeFormOf } from './trades.ts';

/** Largest text in one import: eight years of one-minute candles. A string cannot be longer. */
const TEXT_BYTES_MAX = 500_000_000;

/** Reads candles or trades, packed (`.gz`, `.zip`) or not, or a `.candles` file; tells how far it is, at once. */
export async function loadCandles(
  path: string,
  onProgress: OnProgress = () => undefined,
): Promise<ImportedCandles> {
  onProgress(0);
  if (path.endsWith('.candles')) return readCandleFile(path);
  const text = await textOf(path);
  const form = tradeFormOf(text);
  if (form !== null) return parseTrades(text, form, basename(path), onProgress);
  return parseCandleCsv(text, basename(path), onProgress);
}

/** Reads several text files as one, in order: each goes on after the one before. */
export async function joinCandles(
  paths: readonly string[],
  onProgress: OnProgress = () => undefined,
): Promise<ImportedCandles> {
  const texts: string[] = [];
  let length = 0;
  for (const path of paths) {
    const whole = await textOf(path);
    if (tradeFormOf(whole) !== null)
      throw new LabError(
        'bad-file',
        `${path} holds trades, not candles: give it to --data of a backtest as it is.`,
      );
    const text = whole.replace(/^[^0-9][^\n]*\n/, '').trimEnd();
    length += text.length;
    if (length > TEXT_BYTES_MAX)
      throw new LabError('bad-file', `These files are too much for one import; import them in two parts.`);
    texts.push(text);
  }
  return parseCandleCsv(texts.join('\n'), paths.map((path) => basename(path)).join(' + '), onProgress);
}

async function textOf(path: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new LabError(
      'bad-file',
      `${path} cannot be read (${error instanceof Error ? error.message : 'unknown reason'}).`,
    );
  }
  return unpack(bytes, path).toString('latin1');
}

function unpack(bytes: Buffer, path: string): Buffer {
  try {
    if (path.endsWith('.zip')) return unzipSingle(bytes);
    return path.endsWith('.gz') ? gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }) : bytes;
  } catch (error) {
    if (error instanceof HistoryError) throw new LabError('bad-file', `${path}: ${error.message}`);
    throw new LabError('bad-file', `${path} is not a whole ${path.endsWith('.zip') ? 'archive' : 'gzip file'}; download it again.`);
  }
}
