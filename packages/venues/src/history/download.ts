import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArchiveFile } from './archive-files.ts';
import { HistoryError } from './history-error.ts';

/** Binance's public archive. */
export const PUBLIC_ARCHIVE = 'https://data.binance.vision';

export interface DownloadOptions {
  /** Where the archive is: `PUBLIC_ARCHIVE`, or a mirror with the same layout. */
  readonly baseUrl: string;
  readonly files: readonly ArchiveFile[];
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
 * What became of one file. `fetched` and `kept` files match their checksum. `absent`: the archive does not have
 * it. `corrupt`: the archive's file does not match the archive's checksum; it is removed, never used.
 */
export interface ArchiveResult {
  readonly period: string;
  readonly path: string;
  readonly state: 'fetched' | 'kept' | 'absent' | 'corrupt';
}

/** A checksum file is one line of 64 digits and a name. */
const CHECKSUM_BYTES_MAX = 1_000;

/**
 * Fetches files that are not there yet, each verified against the archive's SHA-256 before it gets its name. An
 * interrupted file stays as `.part` and is continued.
 */
export async function downloadArchives(options: DownloadOptions): Promise<readonly ArchiveResult[]> {
  const { files } = options;
  mkdirSync(options.folder, { recursive: true });
  const results: ArchiveResult[] = [];
  for (const { name, period, location } of files) {
    const path = join(options.folder, name);
    const state = await fetchFile(`${options.baseUrl}/${location}`, path, options, (bytesDone, bytesTotal) =>
      options.onProgress({
        file: name,
        filesDone: results.length,
        filesTotal: files.length,
        bytesDone,
        bytesTotal,
      }),
    );
    results.push({ period, path, state });
  }
  return results;
}

async function fetchFile(
  url: string,
  path: string,
  options: DownloadOptions,
  report: (bytesDone: number, bytesTotal: number | null) => void,
): Promise<ArchiveResult['state']> {
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
