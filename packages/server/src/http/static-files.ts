/** The built dashboard. Read once: it never changes. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { pagePolicy } from './headers.ts';

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  woff2: 'font/woff2',
  webmanifest: 'application/manifest+json',
  txt: 'text/plain; charset=utf-8',
};

interface StaticFile {
  readonly body: Buffer;
  readonly type: string;
  readonly tag: string;
  /** Its name holds a hash of it. */
  readonly isFixed: boolean;
}

export function staticRoutes(server: FastifyInstance, folder: string): void {
  const files = readFolder(folder);
  const index = files.get('/index.html');
  if (index === undefined) throw new Error(`there is no dashboard in ${folder}`);
  for (const [path, file] of files) {
    if (path === '/index.html') continue;
    server.get(path, async (request, reply) => {
      void reply.headers({
        etag: file.tag,
        'content-type': file.type,
        'cache-control': file.isFixed ? 'public, max-age=31536000, immutable' : 'no-cache',
        // A page of its own (the offline verifier) runs under the dashboard's rules.
        ...(file.type === types['html'] ? { 'content-security-policy': pagePolicy } : {}),
      });
      return request.headers['if-none-match'] === file.tag ? reply.code(304).send() : reply.send(file.body);
    });
  }
  // The dashboard's own addresses: every path that is neither a file nor the API shows it.
  server.get('/*', async (request, reply) => {
    if (/^\/(?:api|v1)\//u.test(request.url)) return reply.callNotFound();
    return reply
      .headers({
        'content-security-policy': pagePolicy,
        'content-type': types['html'],
        'cache-control': 'no-cache',
      })
      .send(index.body);
  });
}

function readFolder(folder: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  if (!existsSync(join(folder, 'index.html'))) return files;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = types[entry.name.split('.').at(-1) ?? ''];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const body = readFileSync(file);
    const tag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
    const path = `/${relative(folder, file).split(sep).join('/')}`;
    files.set(path, { body, type, tag, isFixed: /-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/.test(path) });
  }
  return files;
}
