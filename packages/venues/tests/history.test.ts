import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { downloadCandles, monthsBetween, type DownloadOptions } from '../src/history/download.ts';
import { inspectCandles } from '../src/history/inspect.ts';
import { readCandleFile } from '../src/history/candle-rows.ts';
import { unzipSingle } from '../src/history/zip.ts';
import { HAS_DATA, MARKET_DATA } from './_raw-frames.ts';

const MINUTE_MS = 60_000;

/** An archive with one deflated file, as the public data site packs them. */
function zip(name: string, text: string): Buffer {
  const content = Buffer.from(text);
  const packed = deflateRawSync(content);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt16LE(8, 4);
  shared.writeUInt32LE(crc32(content), 10);
  shared.writeUInt32LE(packed.length, 14);
  shared.writeUInt32LE(content.length, 18);
  shared.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, Buffer.from(name), packed]);
  const entry = Buffer.concat([
    Buffer.from('PK\u0001\u0002\u0014\u0000'),
    shared,
    Buffer.alloc(14),
    Buffer.from(name),
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, entry, end]);
}

/** Candles of a month, less those of the given minutes; January in milliseconds, the others in microseconds. */
function month(text: string, without: readonly number[] = []): string {
  const start = Date.parse(`${text}-01T00:00:00Z`);
  const rows: string[] = [];
  for (let minute = 0; minute < 3_000; minute++) {
    if (without.includes(minute)) continue;
    const at = start + minute * MINUTE_MS;
    const open = text.endsWith('-01') ? `${at}` : `${at}000`;
    rows.push(`${open},100.5,101.${minute},99.5,100,12.5,${at + 59_999},1250,10,6,600,0`);
  }
  return rows.join('\n');
}

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
    const path = `/data/spot/monthly/klines/BTCUSDT/1m/BTCUSDT-1m-${name}.zip`;
    files.set(path, archive);
    const digest = checksum ?? createHash('sha256').update(archive).digest('hex');
    files.set(`${path}.CHECKSUM`, Buffer.from(`${digest}  BTCUSDT-1m-${name}.zip\n`));
  }
  const download = (more: Partial<DownloadOptions> = {}): ReturnType<typeof downloadCandles> =>
    downloadCandles({
      baseUrl,
      symbol: 'BTCUSDT',
      interval: '1m',
      from: '2025-01',
      to: '2025-04',
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
      results.map(({ month: name, state }) => [name, state]),
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
      for await (const row of readCandleFile(path)) rows += row.openAt > 0 ? 1 : 0;
      assert.equal(rows, found.rows);
    },
  );
});
