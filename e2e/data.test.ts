import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { day, month, zip } from '../packages/venues/tests/_archive.ts';

const DAY_MS = 86_400_000;
const MAIN = join(import.meta.dirname, '../packages/cli/src/main.ts');

interface Archive {
  readonly url: string;
  /** While true, an archive file stops after 5,000 bytes and the connection stays open. */
  stalls: boolean;
  readonly ranges: string[];
}

/** January whole, February with a hole, March corrupt, no April. */
function months(): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [name, holes] of [
    ['2025-01', []],
    ['2025-02', [100, 101, 102]],
    ['2025-03', []],
  ] as const) {
    const content = publish(files, 'monthly', name, month(name, holes));
    if (name === '2025-03') content.writeUInt8(content.readUInt8(2_000) ^ 1, 2_000);
  }
  return files;
}

/** Puts an archive and its checksum where the public archive has them. */
function publish(files: Map<string, Buffer>, pace: 'monthly' | 'daily', name: string, text: string): Buffer {
  const content = zip(`BTCUSDT-1m-${name}.csv`, text);
  const path = `/data/spot/${pace}/klines/BTCUSDT/1m/BTCUSDT-1m-${name}.zip`;
  const digest = createHash('sha256').update(content).digest('hex');
  files.set(path, content);
  files.set(`${path}.CHECKSUM`, Buffer.from(`${digest}  BTCUSDT-1m-${name}.zip\n`));
  return content;
}

/** A server in the layout of the public archive. */
async function serveArchive(t: TestContext, files: ReadonlyMap<string, Buffer>): Promise<Archive> {
  const ranges: string[] = [];
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    if (file === undefined) return response.writeHead(404).end();
    const { range } = request.headers;
    if (range !== undefined) ranges.push(range);
    const from = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': file.length - from });
    if (archive.stalls && file.length > 5_000) return response.write(file.subarray(0, 5_000));
    response.end(file.subarray(from));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const archive: Archive = { url: `http://127.0.0.1:${port}`, stalls: false, ranges };
  return archive;
}

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

function start(...args: readonly string[]): { readonly ended: Promise<Ended>; stop(): void } {
  const child = spawn(process.execPath, [MAIN, 'data', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (part) => (text += part));
  const ended = once(child, 'close').then(([code]): Ended => ({ code: code as number | null, text }));
  return { ended, stop: () => child.kill('SIGINT') };
}

test('data download goes on after Ctrl-C, keeps what is whole, and tells of holes, corrupt and missing months', async (t) => {
  const archive = await serveArchive(t, months());
  const folder = mkdtempSync(join(tmpdir(), 'data-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const range = ['--symbol', 'BTCUSDT', '--from', '2025-01', '--to', '2025-04'];
  const download = ['download', ...range, '--folder', folder, '--archive', archive.url];

  archive.stalls = true;
  const first = start(...download);
  while (!readdirSync(folder).some((name) => name.endsWith('.part'))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  first.stop();
  const stopped = await first.ended;
  assert.equal(stopped.code, 3, stopped.text);
  assert.match(stopped.text, /Stopped; the same command goes on from here/);

  archive.stalls = false;
  const { code, text } = await start(...download).ended;
  assert.equal(code, 1, 'something is missing');
  assert.match(archive.ranges[0] ?? '', /bytes=\d+-/);
  assert.match(text, /2025-01 {2}fetched, matches its checksum/);
  assert.match(text, /2025-03 {2}corrupt: it does not match/);
  assert.match(text, /2025-04 {2}missing: the archive does not have it/);
  // January ends early in this archive; February lacks three minutes.
  assert.match(text, /5997 candles of 60 s from 2025-01-01T00:00:00Z to 2025-02-03T01:59:00Z/);
  assert.match(text, /hole of 3: after 2025-02-01T01:39:00Z, before 2025-02-01T01:43:00Z/);

  const inspected = await start('inspect', join(folder, 'BTCUSDT-1m.candles')).ended;
  assert.equal(inspected.code, 1);
  assert.match(inspected.text, /41643 missing in 2 holes/);
  const whole = await start('inspect', join(folder, 'BTCUSDT-1m-2025-01.zip')).ended;
  assert.equal(whole.code, 0, whole.text);
});

test('data download fetches what is not there by the month by the day, and tells what the archive does not have yet', async (t) => {
  const files = new Map<string, Buffer>();
  // The last days that are over; the archive does not have yesterday yet.
  const days = [4, 3, 2].map((ago) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10));
  for (const name of days) publish(files, 'daily', name, day(name));
  const archive = await serveArchive(t, files);
  const folder = mkdtempSync(join(tmpdir(), 'data-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [first = '', , last = ''] = days;
  const range = [
    '--symbol',
    'BTCUSDT',
    '--from',
    first.slice(0, 7),
    '--to',
    new Date().toISOString().slice(0, 7),
  ];
  const { code, text } = await start('download', ...range, '--folder', folder, '--archive', archive.url)
    .ended;
  assert.equal(code, 1, 'something is missing');
  for (const name of days) assert.match(text, new RegExp(`${name} {2}fetched, matches its checksum`));
  assert.match(
    text,
    new RegExp(`4320 candles of 60 s from ${first}T00:00:00Z to ${last}T23:59:00Z, 0 missing`),
  );
  const rest = new RegExp(`not in the archive yet: (\\d+) candles after ${last}T23:59:00Z up to now`).exec(
    text,
  );
  const missing = Number(rest?.[1]);
  assert(missing >= 1_440 && missing < 3 * 1_440, text);
});

test('data import joins files without filling, and refuses what is no candle by its place', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'data-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [first, second, out] = ['a.csv', 'b.csv', 'x.candles'].map((name) => join(folder, name));
  assert(first !== undefined && second !== undefined && out !== undefined);
  writeFileSync(first, 'time,open,high,low,close,volume\n1600000020,1,2,1,2,5\n1600000080,2,2,1,1,5\n');
  writeFileSync(second, 'time,open,high,low,close,volume\n1600000260,1,2,1,2,5\n');
  const joined = await start('import', first, second, '--out', out).ended;
  assert.equal(joined.code, 1);
  assert.match(joined.text, /3 candles of 60 s .* 2 missing in 1 holes/);
  const wrong = await start('import', second, first, '--out', out).ended;
  assert.equal(wrong.code, 3);
  assert.match(wrong.text, /row 2, column 1 \(time\): earlier than the row before/);
  const nothing = await start('fetch').ended;
  assert.equal(nothing.code, 3);
  assert.match(nothing.text, /write data download, data import or data inspect/);
});
