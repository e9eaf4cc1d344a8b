/** The HTTP side on a port of its own, over a real database. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { Kysely } from 'kysely';
import type { Tables } from '../src/database/tables.ts';
import { type HttpOptions, createHttp } from '../src/http/start.ts';

export const installationToken = 'f'.repeat(64);

export interface RunningHttp {
  readonly port: number;
  readonly url: string;
  readonly logged: readonly string[];
  /** Ends it before the test does. */
  readonly close: () => Promise<void>;
}

/** Started, and closed when the test ends. */
export async function startHttp(
  t: TestContext,
  database: Kysely<Tables>,
  options: Partial<HttpOptions> = {},
): Promise<RunningHttp> {
  const port = await freePort();
  const logged: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'cf-'));
  writeFileSync(join(folder, 'policy.txt'), 'log test.local/keyuse+00000000+AA==\nquorum none\n');
  writeFileSync(
    join(folder, 'connection.json'),
    JSON.stringify({ apiKeyId: 'k', epoch: 0, viewKey: '0'.repeat(64) }),
  );
  const pages = mkdtempSync(join(tmpdir(), 'pages-'));
  t.after(() => rmSync(pages, { recursive: true }));
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Counterfoil</title>');
  const server = await createHttp({
    port,
    database,
    token: installationToken,
    pages,
    recordings: '/nonexistent/market',
    health: async () => ({ database: 'ok', vault: 'ok' }),
    vaultAttached: () => true,
    // Nobody answers there: prices are missing, as they are when a venue is away.
    market: { venueUrl: 'https://127.0.0.1:9', ca: undefined },
    connectionFile: join(folder, 'connection.json'),
    policyFile: join(folder, 'policy.txt'),
    paperOrders: {
      place: () => Promise.reject(new Error('nothing places orders here')),
      find: async () => null,
    },
    gateSession: async () => null,
    paperAdminUrl: 'http://127.0.0.1:9',
    webhookAddresses: [],
    log: (line) => void logged.push(line),
    ...options,
  });
  await server.listen({ port, host: '127.0.0.1' });
  let closing: Promise<void> | null = null;
  const close = (): Promise<void> => {
    server.server.closeAllConnections();
    closing ??= server.close().then(() => undefined);
    return closing;
  };
  t.after(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });
  return { port, url: `http://localhost:${port}`, logged, close };
}

/** A port that nobody listened on a moment ago: the origin is part of the server's configuration. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
