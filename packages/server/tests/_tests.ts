/** What tests of backtests need: a still paper exchange behind the server, and a folder of recordings. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type ApiClient, apiClient } from '@counterfoil/api';
import { writeCandleFile } from '@counterfoil/lab';
import { type PaperExchange, startPaperExchange } from '@counterfoil/venues';
import type { Kysely } from 'kysely';
import type { Tables } from '../src/database/tables.ts';
import { installationToken, startHttp } from './_http.ts';

export async function startPaper(t: TestContext): Promise<PaperExchange> {
  const folder = makeFolder(t, 'paper-');
  const exchange = await startPaperExchange({
    folder,
    port: 0,
    adminPort: 0,
    seed: 7,
    clock: () => Date.now(),
    flowEveryMs: 0,
  });
  t.after(() => exchange.close());
  return exchange;
}

export function makeFolder(t: TestContext, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), name));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A client of the demo's workspace, and the server behind it. */
export async function startClient(
  t: TestContext,
  database: Kysely<Tables>,
  paper: PaperExchange,
  recordings: string,
): Promise<{ readonly client: ApiClient; readonly close: () => Promise<void> }> {
  const { url, close } = await startHttp(t, database, {
    market: { venueUrl: paper.url, ca: paper.authority },
    recordings,
  });
  const client = apiClient((path, init) =>
    fetch(url + path, {
      ...init,
      headers: { ...init.headers, authorization: `Bearer ${installationToken}` },
    }),
  );
  return { client, close };
}

/** Minutes that swing by a few percent around 62,000, with one hole of ten minutes: enough for deals. */
export async function writeWave(folder: string, rows = 2_880): Promise<void> {
  const price = (minute: number): number =>
    Math.round(620_000 + 18_600 * Math.sin(minute / 90) + 7_440 * Math.sin(minute / 17));
  const column = (at: (row: number) => number) => Float64Array.from({ length: rows }, (_, row) => at(row));
  await writeCandleFile(join(folder, 'BTCUSDT-1m.candles'), {
    columns: {
      openedAtS: Uint32Array.from(
        { length: rows },
        (_, row) => 1_750_000_020 + (row < 1_000 ? row : row + 10) * 60,
      ),
      open: column((row) => price(row)),
      high: column((row) => Math.max(price(row), price(row + 1)) + 20),
      low: column((row) => Math.min(price(row), price(row + 1)) - 20),
      close: column((row) => price(row + 1)),
      volume: column(() => 5_000),
    },
    stepMs: 60_000,
    priceScale: 1,
    quantityScale: 3,
    usualPriceDecimals: 1,
    roundedVolumes: 0,
    isTrades: false,
  });
}
