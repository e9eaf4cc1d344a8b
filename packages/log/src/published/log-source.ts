/** Reading a published log, from its folder or over HTTP. What is read proves itself: the source is not trusted. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeBundle } from '../library/entry-bundle.ts';
import { LogError } from '../library/error.ts';
import { TILE_WIDTH, tilePath, tileWidth } from '../library/tile.ts';
import { DAYS_PATH, cosignedPath, notesOfDay, parseDays } from './cosigned-days.ts';

/** The largest file of a log: a bundle of 256 entries of 64 KiB. */
const FILE_BYTES_MAX = 17 * 1024 * 1024;
const ANSWER_MS_MAX = 30_000;

export interface LogSource {
  /** For messages: the folder or URL. */
  readonly name: string;
  /** A file's bytes, or `undefined` where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
}

/** A folder, or a URL that begins with `http://` or `https://`. */
export function openLogSource(place: string): LogSource {
  return /^https?:\/\//.test(place) ? webSource(place.replace(/\/$/, '')) : folderSource(place);
}

function folderSource(folder: string): LogSource {
  const orMissing = (error: unknown): undefined => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  };
  return {
    name: folder,
    read: (path) => readFile(join(folder, path)).then((bytes) => new Uint8Array(bytes), orMissing),
  };
}

function webSource(url: string): LogSource {
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    const response = await fetch(`${url}/${path}`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    if (response.status === 404) return undefined;
    if (response.status !== 200) throw new LogError('bad-tile', `${url}/${path}: status ${response.status}`);
    const body: AsyncIterable<Uint8Array> | undefined = response.body ?? undefined;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of body ?? []) {
      bytes += chunk.length;
      if (bytes > FILE_BYTES_MAX) throw new LogError('bad-tile', `${url}/${path} is too long`);
      chunks.push(chunk);
    }
    return new Uint8Array(Buffer.concat(chunks));
  };
  return { name: url, read };
}

/** Every cosigned checkpoint that the log keeps, oldest first, with the name of where it was read. */
export async function cosignedCheckpoints(
  source: LogSource,
): Promise<{ readonly source: string; readonly bytes: Uint8Array }[]> {
  const days = parseDays((await source.read(DAYS_PATH)) ?? new Uint8Array(0));
  const checkpoints = [];
  for (const day of days) {
    const path = cosignedPath(day);
    const bytes = await source.read(path);
    if (bytes === undefined) throw new LogError('bad-note', `${source.name} names ${path} and has none`);
    for (const [i, note] of notesOfDay(bytes).entries())
      checkpoints.push({ source: `${source.name}/${path} number ${i}`, bytes: note });
  }
  return checkpoints;
}

/** The entries of the tree of `size` leaves, bundle by bundle. */
export async function* publishedEntries(source: LogSource, size: number): AsyncGenerator<Uint8Array[]> {
  for (let index = 0; index * TILE_WIDTH < size; index++) {
    const width = tileWidth('entries', index, size);
    const path = tilePath({ level: 'entries', index, width });
    const bundle = await source.read(path);
    if (bundle !== undefined) {
      yield decodeBundle(bundle, width);
      continue;
    }
    // A partial bundle may be gone once the full one is there.
    const full =
      width < TILE_WIDTH
        ? await source.read(tilePath({ level: 'entries', index, width: TILE_WIDTH }))
        : undefined;
    if (full === undefined) throw new LogError('bad-entry-bundle', `${source.name} has no ${path}`);
    yield decodeBundle(full, TILE_WIDTH).slice(0, width);
  }
}
