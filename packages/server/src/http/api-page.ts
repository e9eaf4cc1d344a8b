/** The OpenAPI document, and a page of it that runs nothing and loads nothing: for people without a network. */
import { createHash } from 'node:crypto';
import { type Route, openApi, problems, routes } from '@counterfoil/api';
import type { FastifyInstance } from 'fastify';
import { productVersion } from '../product-version.ts';

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}' +
  'h2{margin-top:2rem;border-bottom:1px solid}table{border-collapse:collapse;width:100%}td,th{text-align:left;' +
  'vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid #8884}code{font-size:.9em}' +
  '@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}a{color:#9cf}}';

const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`;

export function apiPageRoutes(server: FastifyInstance): void {
  const document = JSON.stringify(openApi(productVersion));
  const page = apiPage();
  server.get('/api/openapi.json', async (_request, reply) => reply.type('application/json').send(document));
  server.get('/api/docs', async (_request, reply) =>
    reply
      .headers({ 'content-security-policy': policy, 'content-type': 'text/html; charset=utf-8' })
      .send(page),
  );
}

function apiPage(): string {
  const table: readonly (readonly [string, Route])[] = Object.entries(routes);
  const groups = Map.groupBy(table, ([, route]) => route.group);
  const sections = [...groups].map(
    ([group, rows]) =>
      `<h2>${group}</h2><table><tr><th>Request</th><th>What</th><th>Needs</th></tr>${rows
        .map(
          ([name, { method, path, summary, access, idempotent }]) =>
            `<tr id="${name}"><td><code>${method} ${path}</code></td><td>${escape(summary)}${idempotent ? ' (idempotency key)' : ''}</td><td>${access}</td></tr>`,
        )
        .join('')}</table>`,
  );
  const codes = Object.entries(problems).map(
    ([code, { status, title }]) =>
      `<tr id="problem-${code}"><td><code>${code}</code></td><td>${status}</td><td>${escape(title)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Counterfoil API</title><style>${STYLE}</style></head><body>
<h1>Counterfoil API v1</h1>
<p>Schemas: <a href="/api/openapi.json">openapi.json</a> (OpenAPI 3.1). Money is decimal text, time is RFC 3339 in UTC.
Events: <code>GET /api/v1/events</code>, server-sent, goes on from <code>Last-Event-ID</code>.</p>
${sections.join('\n')}
<h2>Problems</h2><table><tr><th>Code</th><th>Status</th><th>What</th></tr>${codes.join('')}</table>
</body></html>
`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
