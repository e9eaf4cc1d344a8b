import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { type TestContext, test } from 'node:test';
import type { Policy } from '@counterfoil/log';
import { Journal, serveJournal } from '@counterfoil/log/journal';
import { Logbook } from '../src/gate/logbook.ts';
import { folderFor } from './_programs.ts';

/** A logbook on a real journal; the sizes of the trees that it has seen, one for each batch. */
async function startLogbook(t: TestContext) {
  const journal = await Journal.create(folderFor(t), { origin: 'test.log', clock: () => 1 });
  t.after(() => journal.close());
  const [near, far] = duplexPair();
  void serveJournal(far, journal, () => Promise.reject(new Error('no witnesses')));
  const logs = [{ key: journal.key, url: undefined }];
  const policy: Policy = { logs, witnesses: [], groups: new Map(), quorum: undefined };
  const sizes: number[] = [];
  const logbook = new Logbook(near, journal.key, policy, ({ size }) => sizes.push(size));
  await logbook.replay([], () => {});
  sizes.length = 0;
  return { logbook, sizes };
}

const leaf = (byte: number): Uint8Array => new Uint8Array(340).fill(byte);

test('a leaf that may wait leaves with the next one, before it, under one checkpoint', async (t) => {
  const { logbook, sizes } = await startLogbook(t);
  const receipts = await Promise.all([logbook.append(leaf(1), true), logbook.append(leaf(2))]);
  assert.deepEqual(
    receipts.map(({ index }) => index),
    [1, 2],
  );
  assert.deepEqual(sizes, [3]);
});

test('two leaves of which neither may wait have a batch each', async (t) => {
  const { logbook, sizes } = await startLogbook(t);
  await Promise.all([logbook.append(leaf(1)), logbook.append(leaf(2))]);
  assert.deepEqual(sizes, [2, 3]);
});

test('a leaf that may wait is in the log a little later, whether or not another comes', async (t) => {
  const { logbook, sizes } = await startLogbook(t);
  assert.equal((await logbook.append(leaf(1), true)).index, 1);
  assert.equal((await logbook.append(leaf(2), true)).index, 2);
  assert.deepEqual(sizes, [2, 3]);
});

test('a leaf that may wait is taken along by a proof that does not need it', async (t) => {
  const { logbook } = await startLogbook(t);
  const waits = logbook.append(leaf(1), true);
  assert.match(await logbook.prove(0), /^c2sp\.org\/tlog-proof@v1\n/u);
  assert.equal((await waits).index, 1);
});
