import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { unzipSingle } from './zip.ts';

/** Archives from 2025 on count in microseconds, which have 16 digits until the year 2286. */
const MICROSECOND_DIGITS = 16;

/** Lines of a text file, of one packed with gzip (`.gz`), or of the one file in an archive (`.zip`). */
export function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: contentOf(path), crlfDelay: Number.POSITIVE_INFINITY });
}

/** The milliseconds in an archive's time, which is written in milliseconds or microseconds. */
export function millisecondsOf(time: string): number {
  return time.length >= MICROSECOND_DIGITS ? Number(time.slice(0, -3)) : Number(time);
}

function contentOf(path: string): NodeJS.ReadableStream {
  if (path.endsWith('.zip')) return Readable.from([unzipSingle(readFileSync(path))]);
  const file = createReadStream(path);
  return path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
}
