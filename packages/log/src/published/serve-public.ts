/** The public files of a log over HTTP, as C2SP tlog-tiles says: tiles never change, the checkpoint always may. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { LogError } from '../library/error.ts';
import { parseTilePath } from '../library/tile.ts';
import { COSIGNED_FOLDER, DAYS_PATH, isDay } from './cosigned-days.ts';

/** Answers GET and HEAD for the files of a journal's `publicFolder`, and nothing else that may lie there. */
export function publicFiles(folder: string): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const path = (request.url ?? '').slice(1);
    const headers = headersOf(path);
    if (headers === undefined || (request.method !== 'GET' && request.method !== 'HEAD'))
      return refuse(response);
    const file = join(folder, path);
    stat(file).then(
      ({ size }) => {
        response.writeHead(200, { ...headers, 'content-length': size, 'access-control-allow-origin': '*' });
        if (request.method === 'HEAD') return response.end();
        createReadStream(file)
          .on('error', () => response.destroy())
          .pipe(response);
        return undefined;
      },
      () => refuse(response),
    );
  };
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here\n');
}

function isDayPath(path: string): boolean {
  return path.startsWith(`${COSIGNED_FOLDER}/`) && isDay(path.slice(COSIGNED_FOLDER.length + 1));
}

/** Only paths that a log has; everything else, path traversal included, has no headers and no answer. */
function headersOf(path: string): Readonly<Record<string, string>> | undefined {
  if (path === 'checkpoint' || path === DAYS_PATH || isDayPath(path)) {
    return { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' };
  }
  try {
    parseTilePath(path);
  } catch (error) {
    if (error instanceof LogError) return undefined;
    throw error;
  }
  return {
    'content-type': 'application/octet-stream',
    'cache-control': 'public, max-age=31536000, immutable',
  };
}
