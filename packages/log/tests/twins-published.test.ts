import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { encodeBundle } from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import {
  HOUR_MS,
  START_MS,
  TestChain,
  checkpointOf,
  failures,
  genesisLeaf,
  historyOf,
  signBody,
} from './_history-log.ts';
import { type Change, type Library, testEach, trueLibrary } from './_twins.ts';

/** Sends the path as it is: `fetch` would take the dots out before anything leaves. */
function statusOf(port: number, path: string, method = 'GET'): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, method }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

/** A folder of a journal whose public half is served; the attack asks for `path`. */
function asks(path: string, method = 'GET') {
  return async ({ publicFiles }: Library): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), 'published-twin-'));
    const server = createServer(publicFiles(join(folder, 'public')));
    try {
      for (const name of ['log.key', 'public/notes.txt', 'public/checkpoint', 'public/tile/0/000']) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), 'content');
      }
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const status = await statusOf((server.address() as AddressInfo).port, path, method);
      if (status !== 200) throw Object.assign(new Error(`status ${status}`), { code: String(status) });
    } finally {
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

const served = 'published/serve-public.ts';
const anyPath: Change = [
  served,
  'if (error instanceof LogError) return undefined;',
  'if (error instanceof LogError) return {};',
];

// Group 7, over HTTP.
testEach([
  { name: 'a path out of the public folder', attempt: asks('/../log.key'), code: '404', guard: [anyPath] },
  {
    name: 'a path out of the public folder through a tile',
    attempt: asks('/tile/0/../../../log.key'),
    code: '404',
    guard: [anyPath],
  },
  { name: 'a file that no log has', attempt: asks('/notes.txt'), code: '404', guard: [anyPath] },
  {
    name: 'a method that changes something',
    attempt: asks('/checkpoint', 'DELETE'),
    code: '404',
    guard: [[served, "(request.method !== 'GET' && request.method !== 'HEAD')", 'false']],
  },
]);

test('what a log has is served', async () => {
  for (const path of ['/checkpoint', '/tile/0/000']) await asks(path)(trueLibrary);
});

const chain = new TestChain('first key');
const entries = [
  genesisLeaf,
  chain.seal(START_MS),
  ...Array.from({ length: 900 }, (_, i) => chain.leaf(signBody, START_MS + i)),
];
const endMs = START_MS + HOUR_MS;

/** The files of a mirror that holds the second and the third bundle under each other's numbers. */
const swapped = new Map(
  ['000', '002', '001', '003.p/134'].map((number, i) => [
    `tile/entries/${number}`,
    encodeBundle(entries.slice(i * 256, (i + 1) * 256)),
  ]),
);
const mirror = { name: 'a mirror', read: (path: string) => Promise.resolve(swapped.get(path)) };

async function verifySwapped({ publishedEntries, verifyHistory }: Library): Promise<void> {
  const read: Uint8Array[] = [];
  for await (const bundle of publishedEntries(mirror, entries.length)) read.push(...bundle);
  assert.equal(read.length, entries.length);
  const input = historyOf(read, chain, endMs, {
    checkpoint: { source: 'checkpoint', bytes: checkpointOf(entries, endMs) },
  });
  const failed = failures(await verifyHistory(nodePrimitives, input)).join(' ');
  if (failed !== '') throw Object.assign(new Error(failed), { code: failed });
}

const reader = 'library/chain-reader.ts';

// Group 6.
testEach([
  {
    name: 'two bundles in each other’s place',
    attempt: verifySwapped,
    code: 'root no-gap order links rules',
    guard: [
      ['library/history.ts', 'passed: equalBytes(root, checkpoint.root)', 'passed: true'],
      [reader, 'this.faults.missing.push(', 'void ('],
      [reader, 'this.faults.order.push(', 'void ('],
      [reader, 'if (!equalBytes(payload.prev, this.#previousHash))', 'if (false)'],
      ['library/chain-rules.ts', 'if (payload.atMs < state.atMs)', 'if (false)'],
    ],
  },
]);
