import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { execute, embeddedServer } from '../packages/server/tests/_database.ts';
import { countInMemory, shapesOf } from '../packages/vault/tests/_memory.ts';
import { canaries } from './_canary.ts';
import {
  countInDatabase,
  countInFile,
  firstLine,
  heapSnapshot,
  isRoot,
  startCapture,
} from './_canary-places.ts';

test('secrets are in the gate once and nowhere else, after orders, errors and a crash of every program', async (t) => {
  const report = await canaries({ orders: 300, kills: 9 }, (line) => t.diagnostic(line));
  t.diagnostic(JSON.stringify(report));
  assert.deepEqual(
    report.found.filter((place) => isRoot || !place.endsWith('the wire')),
    [],
  );
  const once = isRoot ? 1 : 'closed';
  assert.deepEqual(report.gate, { hmac: once, ed25519: once, rsa: once });
  assert.equal(Object.keys(report.killed).length, 9);
});

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'cf-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A program that keeps the text that comes in on its standard input. */
async function keeper(t: TestContext, text: string, flags: readonly string[] = []): Promise<ChildProcess> {
  const source = `let kept = ''; process.stdin.setEncoding('latin1');
    process.stdin.on('data', (part) => { kept += part; });
    process.stdin.on('end', () => { globalThis.kept = JSON.parse(JSON.stringify({ kept })); console.log('kept'); });
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, [...flags, '-e', source], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const kept = firstLine(child);
  child.stdin.end(text, 'latin1');
  await kept;
  return child;
}

const secret = randomBytes(32);
const shapes = shapesOf(secret);
/** As it would be written, each found by itself. */
const SPELLINGS = {
  'as it is': secret.toString('latin1'),
  'in hexadecimal': secret.toString('hex'),
  'in base64': secret.toString('base64'),
  'in base64 inside a longer text': Buffer.concat([Buffer.from('x'), secret]).toString('base64'),
  'in base64 for addresses': secret.toString('base64url'),
  'in base64 inside an address': encodeURIComponent(secret.toString('base64')),
  'byte by byte in an address': secret.toString('hex').toUpperCase().replaceAll(/../g, '%$&'),
};

for (const [how, text] of Object.entries(SPELLINGS)) {
  test(`a copy ${how} in another process's memory is found`, async (t) => {
    const { pid = 0 } = await keeper(t, text);
    assert.ok(countInMemory(pid, shapes) > 0);
  });
}

test('a copy in a heap is found in its snapshot', async (t) => {
  const folder = folderFor(t);
  const flags = ['--heapsnapshot-signal=SIGUSR2', `--diagnostic-dir=${folder}`];
  const { pid = 0 } = await keeper(t, secret.toString('hex'), flags);
  assert.ok(countInFile(await heapSnapshot(pid, folder), shapes) > 0);
  const { pid: innocent = 0 } = await keeper(t, 'nothing', flags);
  assert.equal(countInFile(await heapSnapshot(innocent, folder), shapes), 0);
});

test('a copy in a table is found, as text, as bytes and inside a long value that is kept compressed', async (t) => {
  const { url } = await embeddedServer.emptyDatabase(t);
  const long = `${'a'.repeat(50_000)}${secret.toString('base64')}${'b'.repeat(50_000)}`;
  assert.equal(await countInDatabase(url, shapes), 0);
  await execute(url, `create table copy as select '${long}'::text as long`);
  assert.equal(await countInDatabase(url, shapes), 1);
  await execute(url, `create table bytes as select '\\x${secret.toString('hex')}'::bytea as short`);
  assert.equal(await countInDatabase(url, shapes), 2);
});

test('a copy in a file is found, across the pieces in which it is read', async (t) => {
  const path = join(folderFor(t), 'log');
  const before = Buffer.alloc(16 * 1024 * 1024 - 5, 'x');
  writeFileSync(path, Buffer.concat([before, secret, Buffer.from('\n')]));
  assert.equal(countInFile(path, shapes), 1);
});

test('a copy on the wire is found', async (t) => {
  const server = createServer((socket) => socket.resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const capture = await startCapture(join(folderFor(t), 'capture'), [port]);
  const client = connect(port, '127.0.0.1');
  await new Promise<void>((resolve) =>
    client.end(`secret=${secret.toString('base64url')}\n`, () => resolve()),
  );
  const heard = (await capture.end())(shapes);
  assert.ok(isRoot ? heard !== 'closed' && heard > 0 : heard === 'closed');
});
