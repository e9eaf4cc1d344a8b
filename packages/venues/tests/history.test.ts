import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { candleArchives, monthsBetween, tradeArchives } from '../src/history/archive-files.ts';
import { downloadCandles } from '../src/history/candles-download.ts';
import { downloadArchives, type DownloadOptions } from '../src/history/download.ts';
import { inspectCandles, inspectTrades } from '../src/history/inspect.ts';
import { candleRows } from '../src/history/candle-rows.ts';
import { unzipSingle } from '../src/history/zip.ts';
import { day, MINUTE_MS, month, zip } from './_archive.ts';
import { HAS_DATA, MARKET_DATA } from './_raw-frames.ts';

describe('history', () => {
  const files = new Map<string, Buffer>();
  const served: string[] = [];
  let server: Server;
  let folder: string;
  let baseUrl: string;
  /** The next archive stops after 5,000 bytes: for good, or until the client goes away. */
  let nextStops: 'never' | 'broken' | 'stalled' = 'never';

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'history-'));
    server = createServer((request, response) => {
      const file = files.get(request.url ?? '');
      if (file === undefined) return response.writeHead(404).end();
      const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
      served.push(`${from} ${request.url ?? ''}`);
      response.writeHead(from > 0 ? 206 : 200, { 'content-length': file.length - from });
      if (nextStops === 'never' || request.url?.endsWith('CHECKSUM') === true)
        return response.end(file.subarray(from));
      const isBroken = nextStops === 'broken';
      response.write(file.subarray(from, from + 5_000), () => isBroken && response.destroy());
      nextStops = 'never';
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    baseUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
    publish('2025-01', month('2025-01'));
    publish('2025-02', month('2025-02', [100, 101, 102]));
    publish('2025-03', month('2025-03'), 'f'.repeat(64));
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function publish(name: string, text: string, checksum?: string): void {
    const archive = zip(`BTCUSDT-1m-${name}.csv`, text);
    const pace = name.length === '2025-01'.length ? 'monthly' : 'daily';
    const path = `/data/spot/${pace}/klines/BTCUSDT/1m/BTCUSDT-1m-${name}.zip`;
    files.set(path, archive);
    const digest = checksum ?? createHash('sha256').update(archive).digest('hex');
    files.set(`${path}.CHECKSUM`, Buffer.from(`${digest}  BTCUSDT-1m-${name}.zip\n`));
  }
  const download = ({ to = '2025-04', ...more }: Partial<DownloadOptions> & { to?: string } = {}): ReturnType<
    typeof downloadArchives
  > =>
    downloadArchives({
      baseUrl,
      files: candleArchives('BTCUSDT', '1m', '2025-01', to),
      folder,
      onProgress: () => {},
      ...more,
    });

  test('an interrupted download continues where it stopped, and what is whole is not fetched again', async () => {
    const stop = new AbortController();
    nextStops = 'stalled';
    const onProgress = ({ bytesDone }: { bytesDone: number }): void => {
      if (bytesDone === 5_000) stop.abort();
    };
    await assert.rejects(download({ to: '2025-01', signal: stop.signal, onProgress }), {
      name: 'AbortError',
    });
    nextStops = 'broken';
    await assert.rejects(download({ to: '2025-01' }), { code: 'unreachable' });
    const first = await download({ to: '2025-01' });
    assert.equal(first[0]?.state, 'fetched');
    assert(
      served.some((line) => line.startsWith('5000 ')),
      'the second request began at byte 5,000',
    );
    const second = await download({ to: '2025-01' });
    assert.equal(second[0]?.state, 'kept');
  });

  test('a file that does not match its checksum is reported and not kept, a missing month is reported', async () => {
    const results = await download();
    assert.deepEqual(
      results.map(({ period: name, state }) => [name, state]),
      [
        ['2025-01', 'kept'],
        ['2025-02', 'fetched'],
        ['2025-03', 'corrupt'],
        ['2025-04', 'absent'],
      ],
    );
    assert.throws(() => readFileSync(results[2]?.path ?? ''), /ENOENT/);
  });

  test('progress counts files and bytes up to the whole', async () => {
    rmSync(join(folder, 'BTCUSDT-1m-2025-02.zip'));
    const seen: number[] = [];
    await download({
      onProgress: ({ file, bytesDone, bytesTotal }) => {
        if (file.includes('2025-02')) seen.push(bytesDone / (bytesTotal ?? 0));
      },
    });
    assert.equal(seen.at(-1), 1);
  });

  test('gaps inside and between months are reported and never filled', async () => {
    const paths = ['2025-01', '2025-02'].map((name) => join(folder, `BTCUSDT-1m-${name}.zip`));
    const found = await inspectCandles(paths, MINUTE_MS);
    const february = Date.parse('2025-02-01T00:00:00Z');
    assert.equal(found.rows, 3_000 + 2_997);
    assert.deepEqual(found.gaps.at(-1), {
      from: february + 100 * MINUTE_MS,
      to: february + 102 * MINUTE_MS,
      missing: 3,
    });
    assert.equal(found.gaps.length, 2);
    assert.equal(found.missing, 31 * 24 * 60 - 3_000 + 3);
  });

  test('a line that is not a candle and a damaged archive are named', async () => {
    const path = join(folder, 'bad.csv');
    writeFileSync(
      path,
      'timestamp_ms,open,high,low,close,volume\n1725778260000,1,2,1,1.5,3\n1725778320000,1,x,1,1,1\n',
    );
    await assert.rejects(inspectCandles([path], MINUTE_MS), /bad.csv, line 3 is not a candle/);
    assert.throws(() => unzipSingle(Buffer.from('not an archive at all, not even close')), /no end record/);
    for (let cut = 0; cut < 200; cut += 7) {
      const whole = zip('a.csv', month('2025-01'));
      whole.fill(0xff, whole.length - 60 + (cut % 60), whole.length - 59 + (cut % 60));
      try {
        unzipSingle(whole);
      } catch (error) {
        assert(error instanceof Error);
      }
    }
  });

  test('a day of trades is fetched and verified, and ids that are missing are gaps', async () => {
    const ids = [5, 6, 7, 11, 12, 12];
    const rows = ids.map((id) => `${id},62000.10,0.00100,62.0001,173569920000${id % 10}000,True,True`);
    const archive = zip('BTCUSDT-trades-2025-01-01.csv', rows.join('\n'));
    const [file] = tradeArchives('BTCUSDT', '2025-01-01', '2025-01-01');
    assert(file !== undefined);
    files.set(`/${file.location}`, archive);
    const digest = createHash('sha256').update(archive).digest('hex');
    files.set(`/${file.location}.CHECKSUM`, Buffer.from(`${digest}  ${file.name}\n`));
    const found = await download({ files: tradeArchives('BTCUSDT', '2024-12-31', '2025-01-01') });
    assert.deepEqual(
      found.map(({ period, state }) => [period, state]),
      [
        ['2024-12-31', 'absent'],
        ['2025-01-01', 'fetched'],
      ],
    );
    const inspected = await inspectTrades([found[1]?.path ?? '']);
    assert.deepEqual(inspected, {
      rows: 6,
      from: 1_735_699_200_005,
      to: 1_735_699_200_002,
      gaps: [{ afterId: 7, missing: 3 }],
      missing: 3,
      outOfOrder: 1,
    });
    assert.throws(() => tradeArchives('BTCUSDT', '2025-01', '2025-02'), /is not a day/);
  });

  test('the running month and a month whose file is not made yet come by the day, up to yesterday', async () => {
    for (const name of ['2025-04-29', '2025-04-30', '2025-05-01', '2025-05-02', '2025-05-03'])
      publish(name, day(name));
    const at = (nowMs: number): ReturnType<typeof downloadCandles> =>
      downloadCandles({
        baseUrl,
        symbol: 'BTCUSDT',
        interval: '1m',
        from: '2025-02',
        to: '2025-05',
        folder,
        onProgress: () => {},
        nowMs,
      });
    const results = await at(Date.parse('2025-05-03T23:59:59Z'));
    const there = results.filter(({ state }) => state !== 'absent').map(({ period }) => period);
    assert.deepEqual(there, ['2025-02', '2025-03', '2025-04-29', '2025-04-30', '2025-05-01', '2025-05-02']);
    const absent = results.filter(({ state }) => state === 'absent').map(({ period }) => period);
    assert.equal(absent.length, 28, 'each day of April that the archive lacks is told of');
    assert(absent.every((period) => period.startsWith('2025-04-')));
    assert.deepEqual(
      (await at(Date.parse('2025-06-20T00:00:00Z'))).map(({ period }) => period).slice(0, 4),
      ['2025-02', '2025-03', '2025-04', '2025-05-01'],
      'a month that has been over for long is told of as one',
    );
  });

  test('months are counted across years and wrong ranges are refused', () => {
    assert.deepEqual(monthsBetween('2024-11', '2025-02'), ['2024-11', '2024-12', '2025-01', '2025-02']);
    assert.throws(() => monthsBetween('2025-02', '2025-01'), /must not be after/);
    assert.throws(() => monthsBetween('2025-13', '2025-14'), /is not a month/);
  });

  test(
    'the known defective download is recognised: holes of 802 minutes',
    { skip: HAS_DATA ? false : 'data folder absent' },
    async () => {
      const found = await inspectCandles([join(MARKET_DATA, 'gappy-fixture/BTCUSDT_1m.csv.gz')], MINUTE_MS);
      assert(found.gaps.length > 10);
      assert(found.gaps.some((gap) => gap.missing >= 800 && gap.missing <= 803));
    },
  );

  test(
    'a clean recording has no gap and no impossible candle',
    { skip: HAS_DATA ? false : 'data folder absent' },
    async () => {
      const path = join(MARKET_DATA, 'binance-spot-1m/BTC_USDT_1m_2025-05-20_2025-08-18.csv.gz');
      const found = await inspectCandles([path], MINUTE_MS);
      assert.deepEqual([found.rows, found.missing, found.duplicates, found.impossible], [130_708, 0, 0, 0]);
      let rows = 0;
      for await (const row of candleRows(path)) rows += row.openAt > 0 ? 1 : 0;
      assert.equal(rows, found.rows);
    },
  );
});
