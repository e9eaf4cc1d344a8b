import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { HistoryError } from './history-error.ts';

/** Binance's public archive; its layout is `data/spot/monthly/klines/SYMBOL/INTERVAL/SYMBOL-INTERVAL-YYYY-MM.zip`. */
export const PUBLIC_ARCHIVE = 'https://data.binance.vision';

export interface DownloadOptions {
  /** Where the archive is: `PUBLIC_ARCHIVE`, or a mirror with the same layout. */
  readonly baseUrl: string;
  readonly symbol: string;
  /** An interval of the archive, such as `1m`. */
  readonly interval: string;
  /** First and last month, `YYYY-MM`. */
  readonly from: string;
  readonly to: string;
  readonly folder: string;
  readonly onProgress: (progress: Progress) => void;
  /** Stops after the chunk that is being written; the next download goes on from there. */
  readonly signal?: AbortSignal;
}

export interface Progress {
  readonly file: string;
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  /** `null` while the archive has not said. */
  readonly bytesTotal: number | null;
}

/**
 * What became of one month. `fetched` and `kept` files match their checksum. `absent`: the archive does not have
 * it. `corrupt`: the archive's file does not match the archive's checksum; it is removed, never used.
 */
export interface MonthResult {
  readonly month: string;
  readonly path: string;
  readonly state: 'fetched' | 'kept' | 'absent' | 'corrupt';
}

/** Longest range in one call: the archive begins in 2017. */
const MONTHS_MAX = 1_200;
/** A checksum file is one line of 64 digits and a name. */
const CHECKSUM_BYTES_MAX = 1_000;

/**
 * Fetches months of candles that are not there yet, each verified against the archive's SHA-256 before it gets
 * its name. An interrupted file stays as `.part` and is continued.
 */
export async function downloadCandles(options: DownloadOptions): Promise<readonly MonthResult[]> {
  const months = monthsBetween(options.from, options.to);
  mkdirSync(options.folder, { recursive: true });
  const results: MonthResult[] = [];
  for (const month of months) {
    const name = `${options.symbol}-${options.interval}-${month}.zip`;
    const path = join(options.folder, name);
    const url = `${options.baseUrl}/data/spot/monthly/klines/${options.symbol}/${options.interval}/${name}`;
    const state = await fetchMonth(url, path, options, (bytesDone, bytesTotal) =>
      options.onProgress({
        file: name,
        filesDone: results.length,
        filesTotal: months.length,
        bytesDone,
        bytesTotal,
      }),
    );
    results.push({ month, path, state });
  }
  return results;
}

/** Every month from one to the other, both included. */
export function monthsBetween(from: string, to: string): string[] {
  const first = monthIndex(from);
  const last = monthIndex(to);
  if (last < first || last - first >= MONTHS_MAX) {
    throw new HistoryError(
      'bad-range',
      `There is no month from ${from} to ${to}: the first must not be after the last.`,
    );
  }
  return Array.from({ length: last - first + 1 }, (_, offset) => {
    const index = first + offset;
    return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
  });
}

function monthIndex(text: string): number {
  const match = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (match === null) throw new HistoryError('bad-range', `${text} is not a month: write it as 2025-03.`);
  return Number(match[1]) * 12 + Number(match[2]) - 1;
}

async function fetchMonth(
  url: string,
  path: string,
  options: DownloadOptions,
  report: (bytesDone: number, bytesTotal: number | null) => void,
): Promise<MonthResult['state']> {
  const expected = await fetchChecksum(`${url}.CHECKSUM`, options);
  if (expected === null) return 'absent';
  if (existsSync(path) && (await sha256Of(path)) === expected) return 'kept';
  const part = `${path}.part`;
  const found = await fetchRest(url, part, options, report);
  if (!found) return 'absent';
  if ((await sha256Of(part)) !== expected) {
    rmSync(part);
    return 'corrupt';
  }
  renameSync(part, path);
  return 'fetched';
}

/** Appends what a partial file still lacks; false when the archive does not have the file. */
async function fetchRest(
  url: string,
  part: string,
  options: DownloadOptions,
  report: (bytesDone: number, bytesTotal: number | null) => void,
): Promise<boolean> {
  const have = existsSync(part) ? statSync(part).size : 0;
  const response = await request(url, options, have === 0 ? {} : { range: `bytes=${have}-` });
  if (response.status === 404) return false;
  // 416: nothing is left to fetch, the checksum decides.
  if (response.status === 416) return true;
  if (!response.ok || response.body === null) throw unreachable(url, `status ${response.status}`);
  const isContinued = response.status === 206;
  const length = response.headers.get('content-length');
  let done = isContinued ? have : 0;
  const total = length === null ? null : done + Number(length);
  const file = await open(part, isContinued ? 'a' : 'w');
  try {
    // Bodies are bytes; the typings of fetch leave them open.
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      await file.appendFile(chunk);
      done += chunk.length;
      report(done, total);
      options.signal?.throwIfAborted();
    }
    await file.sync();
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw unreachable(url, String(error));
  } finally {
    await file.close();
  }
  return true;
}

/** The SHA-256 the archive states for a file; `null` when it does not have the file. */
async function fetchChecksum(url: string, options: DownloadOptions): Promise<string | null> {
  const response = await request(url, options, {});
  if (response.status === 404) return null;
  const text = response.ok ? (await response.text()).slice(0, CHECKSUM_BYTES_MAX) : '';
  const match = /^([0-9a-f]{64})\s/.exec(text);
  if (match?.[1] === undefined) throw unreachable(url, `status ${response.status} without a checksum`);
  return match[1];
}

async function request(
  url: string,
  options: DownloadOptions,
  headers: Record<string, string>,
): Promise<Response> {
  options.signal?.throwIfAborted();
  try {
    return await fetch(url, options.signal === undefined ? { headers } : { headers, signal: options.signal });
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    throw unreachable(url, String(error));
  }
}

function unreachable(url: string, reason: string): HistoryError {
  return new HistoryError(
    'unreachable',
    `${url} could not be fetched (${reason}). What is complete stays; run the same download again to continue.`,
  );
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  // A file stream without an encoding gives buffers.
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
