import assert from 'node:assert/strict';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import {
  LogError,
  checkTile,
  decodeBundle,
  encodeBundle,
  formatVerifierKey,
  parseTilePath,
  tilePath,
  utf8,
} from '@counterfoil/log';
import { Journal } from '@counterfoil/log/journal';
import { publicFiles } from '@counterfoil/log/published';
import { inspectLog, verifyHistoryFiles } from '@counterfoil/log/verify';
import { START_MS, TestChain, failures, signBody } from './_history-log.ts';

// Group 7: tiles.

test('a tile that is too short, too long or of another width is refused', () => {
  const tile = { level: 0, index: 3, width: 256 };
  checkTile(tile, new Uint8Array(8_192));
  for (const bytes of [8_191, 8_193, 8_160, 8_224, 0]) {
    assert.throws(() => checkTile(tile, new Uint8Array(bytes)), { code: 'bad-tile' }, String(bytes));
  }
  assert.throws(() => checkTile({ ...tile, width: 7 }, new Uint8Array(8_192)), { code: 'bad-tile' });
});

test('every tile has exactly one path', () => {
  const level = fc.oneof(fc.nat({ max: 63 }), fc.constant('entries' as const));
  const tiles = fc.record({ level, index: fc.maxSafeNat(), width: fc.integer({ min: 1, max: 256 }) });
  fc.assert(fc.property(tiles, (tile) => assert.deepEqual(parseTilePath(tilePath(tile)), { ...tile })));
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), (text) => {
      try {
        assert.equal(tilePath(parseTilePath(text)), text);
      } catch (error) {
        assert.ok(error instanceof LogError);
      }
    }),
  );
});

// Group 8: entry bundles.

test('a bundle holds exactly its entries: no length beyond the end, no rest, no other count', () => {
  const entries = [utf8('one'), new Uint8Array(0), new Uint8Array(65_535)];
  const bundle = encodeBundle(entries);
  assert.deepEqual(decodeBundle(bundle, 3), entries);
  const attacks: [Uint8Array, number][] = [
    [bundle, 2],
    [bundle, 4],
    [bundle.subarray(0, -1), 3],
    [Buffer.concat([bundle, Uint8Array.of(0)]), 3],
    [Buffer.concat([bundle, Uint8Array.of(0, 0)]), 3],
    [Uint8Array.of(0), 1],
    [Uint8Array.of(0, 9, 1), 1],
  ];
  for (const [attack, count] of attacks)
    assert.throws(() => decodeBundle(attack, count), { code: 'bad-entry-bundle' });
  assert.throws(() => encodeBundle([new Uint8Array(65_536)]), { code: 'bad-entry-bundle' });
});

// Groups 5 and 6: what a server of files can do.

interface Published {
  readonly folder: string;
  readonly policyFile: string;
  readonly chain: TestChain;
}

/** A published log of three bundles and a bit, with one connection in it. */
async function published(t: TestContext): Promise<Published> {
  const folder = mkdtempSync(join(tmpdir(), 'published-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const journal = await Journal.create(join(folder, 'log'), {
    origin: 'files.example/keyuse',
    clock: () => START_MS,
  });
  const chain = new TestChain('a key');
  const leaves = [
    chain.seal(START_MS),
    ...Array.from({ length: 800 }, (_, i) => chain.leaf(signBody, START_MS + i)),
  ];
  await Promise.all(leaves.map((leaf) => journal.append([leaf], 0)));
  journal.publish();
  const policyFile = join(folder, 'policy.txt');
  writeFileSync(policyFile, `log ${formatVerifierKey(journal.key)}\nquorum none\n`);
  await journal.close();
  return { folder: join(folder, 'log', 'public'), policyFile, chain };
}

function verify({ policyFile, chain }: Published, log: string) {
  return verifyHistoryFiles({ policyFile, log, connection: { ...chain.name, viewKey: chain.viewKey } });
}

test('published files verify from the folder and over HTTP, and are what C2SP clients ask for', async (t) => {
  const log = await published(t);
  const report = await verify(log, log.folder);
  assert.deepEqual(failures(report), []);
  assert.equal(report.leaves.length, 801);
  const url = await serve(t, createServer(publicFiles(log.folder)));
  assert.deepEqual(failures(await verify(log, url)), []);
  const tile = await fetch(`${url}/tile/0/000`);
  assert.equal(tile.headers.get('cache-control'), 'public, max-age=31536000, immutable');
  assert.equal((await tile.arrayBuffer()).byteLength, 8_192);
  assert.equal((await fetch(`${url}/checkpoint`)).headers.get('content-type'), 'text/plain; charset=utf-8');
  for (const path of [
    '../log.key',
    'log.key',
    'tile/0/0',
    'tile/0/000.p/0',
    '%2e%2e/log.key',
    'tile/entries/../../../log.key',
  ]) {
    assert.equal((await fetch(`${url}/${path}`)).status, 404, path);
  }
  assert.equal((await fetch(`${url}/checkpoint`, { method: 'POST', body: 'x' })).status, 404);
  const inspection = await inspectLog(url);
  assert.deepEqual([inspection.size, inspection.privateLeaves, inspection.rootMatches], [802, 801, true]);
  assert.equal(inspection.control[0]?.leaf.kind, 'genesis');
});

async function serve(t: TestContext, server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('swapped, shifted, altered and missing bundles are found', async (t) => {
  const log = await published(t);
  const entries = (folder: string, name: string): string => join(folder, 'tile', 'entries', name);
  const tampered = (change: (folder: string) => void): string => {
    const copy = `${log.folder}-${Math.random()}`;
    cpSync(log.folder, copy, { recursive: true });
    change(copy);
    return copy;
  };
  const swapped = tampered((folder) => {
    copyFileSync(entries(log.folder, '000'), entries(folder, '001'));
    copyFileSync(entries(log.folder, '001'), entries(folder, '000'));
  });
  assert.ok(failures(await verify(log, swapped)).includes('root'));
  const shifted = tampered((folder) => copyFileSync(entries(log.folder, '001'), entries(folder, '002')));
  assert.ok(failures(await verify(log, shifted)).includes('root'));
  const reordered = tampered((folder) => {
    const [first = utf8(''), second = utf8(''), ...rest] = decodeBundle(
      new Uint8Array(readFileSync(entries(folder, '001'))),
      256,
    );
    writeFileSync(entries(folder, '001'), encodeBundle([second, first, ...rest]));
  });
  assert.ok(failures(await verify(log, reordered)).includes('root'));
  const shortened = tampered((folder) => {
    const some = decodeBundle(new Uint8Array(readFileSync(entries(folder, '001'))), 256).slice(1);
    writeFileSync(entries(folder, '001'), encodeBundle(some));
  });
  await assert.rejects(verify(log, shortened), { code: 'bad-entry-bundle' });
  const missing = tampered((folder) => rmSync(entries(folder, '001')));
  await assert.rejects(verify(log, missing), { code: 'bad-entry-bundle' });
});

test('a partial bundle that was replaced by the full one is still readable for an older checkpoint', async (t) => {
  const log = await published(t);
  const older = `${log.folder}-older`;
  cpSync(log.folder, older, { recursive: true });
  const partial = join(older, 'tile', 'entries', '003.p', '34');
  const known = decodeBundle(new Uint8Array(readFileSync(partial)), 34);
  rmSync(join(older, 'tile', 'entries', '003.p'), { recursive: true });
  const grown = [...known, ...Array.from({ length: 222 }, (_, i) => utf8(`later ${i}`))];
  writeFileSync(join(older, 'tile', 'entries', '003'), encodeBundle(grown));
  assert.deepEqual(failures(await verify(log, older)), []);
});
