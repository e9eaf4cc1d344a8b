import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Policy, formatVerifierKey, openCosigned, parsePolicy, utf8 } from '@counterfoil/log';
import { Journal, nodeDisk } from '@counterfoil/log/journal';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import { Publisher, formatDays, parseDays, publicFiles } from '@counterfoil/log/published';
import {
  type ServedWitness,
  addWitnessedLog,
  createWitness,
  readWitnessed,
  serveWitness,
} from '@counterfoil/log/witness';
import { verifyHistoryFiles } from '@counterfoil/log/verify';
import { TestChain, failures, signBody } from './_history-log.ts';

const NOW = 1_767_225_600_000;
const clock = (): number => NOW;

interface Installation {
  readonly folder: string;
  readonly journal: Journal;
  readonly policyText: string;
  readonly policy: Policy;
  readonly publisher: Publisher;
  readonly witnesses: readonly ServedWitness[];
}

/** A journal and two witnesses; the policy asks for `need` of them. */
async function installation(t: TestContext, need: 1 | 2, time = clock): Promise<Installation> {
  const folder = mkdtempSync(join(tmpdir(), 'publisher-'));
  const journal = await Journal.create(join(folder, 'log'), { origin: 'published.example/keyuse', clock });
  const witnesses = await Promise.all(
    ['w1', 'w2'].map((name) => {
      createWitness(join(folder, name), `${name}.example`);
      addWitnessedLog(join(folder, name), journal.key);
      return serveWitness(join(folder, name), 0, '127.0.0.1', time);
    }),
  );
  const lines = witnesses
    .map(({ key, url }, i) => `witness w${i + 1} ${formatVerifierKey(key)} ${url}\n`)
    .join('');
  const policyText = `log ${formatVerifierKey(journal.key)}\n${lines}group g ${need} w1 w2\nquorum g\n`;
  const policy = parsePolicy(sha256Into, policyText);
  t.after(async () => {
    await journal.close();
    await Promise.all(witnesses.map((witness) => witness.close().catch(() => undefined)));
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    journal,
    policyText,
    policy,
    publisher: new Publisher(journal, nodeDisk, policy, clock),
    witnesses,
  };
}

test('a published checkpoint carries the quorum, is kept for ever, and verifies from the files', async (t) => {
  const { folder, journal, policyText, policy, publisher } = await installation(t, 2);
  assert.ok(publisher.due);
  for (const size of [3, 300]) {
    await Promise.all(Array.from({ length: size }, (_, i) => journal.append([utf8(`leaf ${i}`)], 0)));
    const published = await publisher.publish();
    assert.ok(published.witnessed);
    assert.equal(openCosigned(published.checkpoint, policy, nodePrimitives).times.size, 2);
    assert.ok(!publisher.due);
  }
  const policyFile = join(folder, 'policy.txt');
  writeFileSync(policyFile, policyText);
  const report = await verifyHistoryFiles({ policyFile, log: journal.publicFolder });
  // The entries are this test's own and no leaves; everything about the log itself holds, both checkpoints included.
  assert.deepEqual(failures(report), ['entries-known']);
  assert.ok(report.checks.some((check) => check.name === 'earlier-checkpoints' && check.passed));
});

test('what waits for the witnesses is released by their quorum, and never without it', async (t) => {
  const { journal, policy, publisher, witnesses } = await installation(t, 2);
  const { size } = await journal.append([utf8('a mandate is loosened')], 0);
  const note = await publisher.witnessed(size, AbortSignal.timeout(10_000));
  assert.ok(openCosigned(note, policy, nodePrimitives).size >= size);
  await witnesses[1]?.close();
  const later = await journal.append([utf8('a key is destroyed')], 0);
  const abort = new AbortController();
  const waiting = publisher.witnessed(later.size, abort.signal);
  const published = await publisher.publish();
  assert.ok(!published.witnessed);
  abort.abort();
  await assert.rejects(waiting, /nothing was released/);
  // An ordinary order does not wait: its receipt is there already.
  assert.equal(later.index, size);
});

test('a journal whose witness holds a larger tree with its own signature stops for good', async (t) => {
  const { folder, journal, policy, publisher, witnesses } = await installation(t, 1);
  await journal.append([utf8('monday')], 0);
  await publisher.publish();
  cpSync(join(folder, 'log'), join(folder, 'yesterday'), { recursive: true });
  await journal.append([utf8('tuesday')], 0);
  await publisher.publish();
  const [first] = policy.witnesses;
  assert.ok(first && witnesses[0]);
  const ask = async (key: Journal['key']) => {
    const tree = await readWitnessed(first, key);
    return tree === undefined ? [] : [{ ...tree, source: 'witness w1' }];
  };
  await assert.rejects(Journal.open(join(folder, 'yesterday'), { known: ask }), { code: 'rolled-back' });
  // Started without asking, it is told at the first publication.
  const rival = await Journal.open(join(folder, 'yesterday'));
  await new Publisher(rival, nodeDisk, policy, clock).publish().catch(() => undefined);
  await assert.rejects(rival.append([utf8('another tuesday')], 0), {
    code: 'stopped',
    message: /knows this log with 3 leaves/,
  });
  await rival.close();
});

test('cosigned days are found over HTTP, and a leaf dated back behind one of them is named', async (t) => {
  let now = NOW;
  const { folder, journal, policy, policyText } = await installation(t, 1, () => now);
  const publisher = new Publisher(journal, nodeDisk, policy, () => now);
  const chain = new TestChain('a key');
  await journal.append([chain.seal(now)], 0);
  await publisher.publish();
  now += 23 * 3_600_000;
  await publisher.publish();
  now += 2 * 3_600_000;
  const claimedMs = NOW + 1_000;
  await journal.append([chain.leaf(signBody, claimedMs), chain.leaf({ kind: 'heartbeat' }, now)], 0);
  await publisher.publish();
  assert.equal(readFileSync(join(journal.publicFolder, 'cosigned/days'), 'utf8'), '2026-01-01\n2026-01-02\n');

  const policyFile = join(folder, 'policy.txt');
  writeFileSync(policyFile, policyText);
  const server = createServer(publicFiles(journal.publicFolder));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const verify = (log: string) =>
    verifyHistoryFiles({ policyFile, log, connection: { ...chain.name, viewKey: chain.viewKey } });
  assert.deepEqual(failures(await verify(journal.publicFolder)), ['times']);
  assert.deepEqual(failures(await verify(url)), ['times']);
  // Without the days nothing bounds the leaf from below, and it passes: the list is what makes the difference.
  rmSync(join(journal.publicFolder, 'cosigned/days'));
  assert.deepEqual(failures(await verify(url)), []);
});

test('a list of days names days, in order and once', () => {
  const days = ['2025-12-31', '2026-01-01'];
  assert.deepEqual(parseDays(formatDays(days)), days);
  for (const bad of [
    '2026-01-01',
    '2026-01-01\n\n',
    '2026-01-02\n2026-01-01\n',
    '2026-01-01\n2026-01-01\n',
    '../log.key\n',
    '2026-01-01/../x\n',
    '2026-1-1\n',
  ])
    assert.throws(() => parseDays(utf8(bad)), { code: 'bad-note' }, bad);
  assert.throws(() => parseDays(utf8('2026-01-01\n'.repeat(80_000))), { code: 'bad-note' });
});
