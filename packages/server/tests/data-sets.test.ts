import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Price } from '@counterfoil/vocabulary';
import { DataSets, readSource } from '../src/jobs/data-sets.ts';
import { embeddedServer } from './_database.ts';
import { paperMarket } from './_market.ts';
import { makeFolder, startClient, startPaper, writeWave } from './_tests.ts';

test('every market has a made-up quarter, and whole recordings of markets are listed above it', async (t) => {
  const { kysely } = await embeddedServer.database(t);
  const folder = makeFolder(t, 'recordings-');
  await writeWave(folder);
  writeFileSync(join(folder, 'ETHUSDT-1m.candles'), 'no candles');
  writeFileSync(join(folder, 'notes.txt'), 'no data');
  const { client } = await startClient(t, kysely, await startPaper(t), folder);
  const { items } = await client.listDataSets({});
  assert.deepEqual(
    items.map(({ id, origin, rows, gaps }) => [id, origin, rows, gaps]),
    [
      ['BTCUSDT-1m', 'recorded', 2_880, 1],
      ['synthetic:BTCUSDT', 'synthetic', 129_600, 0],
      ['synthetic:ETHUSDT', 'synthetic', 129_600, 0],
      ['synthetic:SOLUSDT', 'synthetic', 129_600, 0],
    ],
  );
});

test('a recording of another market is not listed', async (t) => {
  const folder = makeFolder(t, 'recordings-');
  await writeWave(folder);
  const other = { ...paperMarket, symbol: 'ADAUSDT' as typeof paperMarket.symbol };
  const sets = new DataSets(folder, { markets: async () => [other], price: async () => 60n as Price });
  assert.deepEqual(
    (await sets.list()).map(({ id }) => id),
    ['synthetic:ADAUSDT'],
  );
});

test('made-up candles begin at the price, are whole, and are the same every time', async () => {
  const source = { kind: 'synthetic', market: paperMarket, price: 6_200_000n } as const;
  const [{ columns }, again] = [await readSource(source), await readSource(source)];
  assert.deepEqual(columns, again.columns);
  assert.equal(columns.open[0], 6_200_000);
  for (let row = 0; row < columns.open.length; row++) {
    const at = (column: Float64Array): number => column[row] ?? 0;
    const [open, high] = [at(columns.open), at(columns.high)];
    const [low, close] = [at(columns.low), at(columns.close)];
    assert.ok(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close), `row ${row}`);
    assert.ok(Number.isSafeInteger(columns.volume[row]) && (columns.volume[row] ?? 0) > 0, `row ${row}`);
    if (row > 0) assert.equal(open, columns.close[row - 1]);
  }
  const other = await readSource({ ...source, market: { ...paperMarket, symbol: 'ETHUSDT' as never } });
  assert.notDeepEqual(other.columns.close, columns.close);
});

test('recorded candles and their market count alike, whichever counts more finely', async (t) => {
  const folder = makeFolder(t, 'recordings-');
  await writeWave(folder);
  const sets = new DataSets(folder, { markets: async () => [paperMarket], price: async () => 1n as Price });
  const { source, fromMs, openAfter } = await sets.find('BTCUSDT-1m');
  const { columns } = await readSource(source);
  assert.equal(source.market.priceScale, 2);
  assert.equal(columns.open[0], 6_200_000);
  assert.equal(columns.volume[0], 500_000_000);
  assert.equal(await openAfter(fromMs + 60_000), BigInt(columns.open[1] ?? 0));
});
