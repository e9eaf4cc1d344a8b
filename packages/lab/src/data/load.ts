import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { LabError } from '../errors.ts';
import { readCandleFile } from './candle-file.ts';
import { type ImportedCandles, type OnProgress, parseCandleCsv } from './csv.ts';

/** Largest text that is unpacked: ten years of one-minute candles are about 400 MB. */
const TEXT_BYTES_MAX = 1_000_000_000;

/** Reads candles from a `.csv`, `.csv.gz` or `.candles` file; tells how far it is, beginning at once. */
export async function loadCandles(
  path: string,
  onProgress: OnProgress = () => undefined,
): Promise<ImportedCandles> {
  onProgress(0);
  if (path.endsWith('.candles')) return readCandleFile(path);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new LabError('bad-file', `${path} cannot be read (${error instanceof Error ? error.message : 'unknown reason'}).`);
  }
  return parseCandleCsv(textOf(bytes, path), basename(path), onProgress);
}

function textOf(bytes: Uint8Array, path: string): string {
  if (!path.endsWith('.gz')) return new TextDecoder('latin1').decode(bytes);
  try {
    return gunzipSync(bytes, { maxOutputLength: TEXT_BYTES_MAX }).toString('latin1');
  } catch {
    throw new LabError('bad-file', `${path} is not a whole gzip file; download it again.`);
  }
}
