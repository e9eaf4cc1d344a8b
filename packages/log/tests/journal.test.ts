import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duplexPair } from 'node:stream';
import { type TestContext, test } from 'node:test';
import { journalAnswer, journalRequest } from '@counterfoil/vocabulary/protocol';
import { Caller } from '@counterfoil/wire';
import {
  CompactRange,
  TreeHasher,
  decodeControlLeaf,
  controlField,
  equalBytes,
  utf8,
  verifyReceipt,
} from '@counterfoil/log';
import { Journal, serveJournal } from '@counterfoil/log/journal';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';

const hasher = new TreeHasher(sha256Into);
const empty = { size: 0, root: hasher.emptyRoot() };
const genesis = { origin: 'test.counterfoil.local/keyuse', clock: () => 1_760_000_000_000 };

function folderFor(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const leaf = (n: number): Uint8Array => utf8(`leaf ${n}`);

test('a receipt proves its leaf, and every tree extends the one before', async (t) => {
  const journal = await Journal.create(folderFor(t), genesis);
  let known = empty;
  for (let i = 0; i < 600; i++) {
    const receipt = await journal.append([leaf(i)], known.size);
    known = verifyReceipt(hasher, nodePrimitives, journal.key, known, [leaf(i)], receipt);
    assert.equal(receipt.index, i + 1);
    assert.equal(known.size, i + 2);
  }
  await journal.close();
});

test('appends in flight together keep their order, share checkpoints, and are proven from any older size', async (t) => {
  const journal = await Journal.create(folderFor(t), genesis);
  const roots = [empty];
  const first = await journal.append([leaf(0)], 0);
  roots.push(verifyReceipt(hasher, nodePrimitives, journal.key, empty, [leaf(0)], first));
  const receipts = await Promise.all(
    Array.from({ length: 3_000 }, (_, i) =>
      journal.append([leaf(2 * i), leaf(2 * i + 1)], i % 2 === 0 ? 0 : 2),
    ),
  );
  for (const [i, receipt] of receipts.entries()) {
    assert.equal(receipt.index, 2 + 2 * i);
    const known = roots[i % 2] ?? empty;
    verifyReceipt(hasher, nodePrimitives, journal.key, known, [leaf(2 * i), leaf(2 * i + 1)], receipt);
  }
  assert.ok(new Set(receipts.map((receipt) => receipt.size)).size <= 4, 'batches are few');
  await journal.close();
});

test('a reopened journal has every leaf, the same root, and goes on', async (t) => {
  const folder = folderFor(t);
  const journal = await Journal.create(folder, { ...genesis, genesis: [['vault-key', 'ab'.repeat(32)]] });
  await Promise.all(Array.from({ length: 2_000 }, (_, i) => journal.append([leaf(i)], 0)));
  const before = journal.head();
  await journal.close();
  const reopened = await Journal.open(folder);
  assert.ok(equalBytes(reopened.head().root, before.root));
  const entries = [...reopened.read(0, 1_500), ...reopened.read(1_500, 4_096)];
  assert.equal(entries.length, 2_001);
  const range = new CompactRange(hasher);
  for (const entry of entries) range.append(entry);
  assert.ok(equalBytes(range.root(), before.root));
  const origin = decodeControlLeaf(entries[0] ?? utf8(''));
  assert.equal(controlField(origin, 'vault-key'), 'ab'.repeat(32));
  const receipt = await reopened.append([leaf(2_000)], 700);
  verifyReceipt(
    hasher,
    nodePrimitives,
    reopened.key,
    { size: 700, root: reopened.rootAt(700) },
    [leaf(2_000)],
    receipt,
  );
  assert.equal(statSync(join(folder, 'log.key')).mode & 0o777, 0o600);
  await reopened.close();
});

test('one folder has one writer, and one genesis', async (t) => {
  const folder = folderFor(t);
  await assert.rejects(Journal.open(folder), { code: 'no-journal' });
  const journal = await Journal.create(folder, genesis);
  await assert.rejects(Journal.open(folder), { code: 'already-running' });
  await assert.rejects(Journal.create(folder, genesis), { code: 'already-running' });
  await journal.close();
  await assert.rejects(Journal.create(folder, genesis), { code: 'journal-exists' });
  await (await Journal.open(folder)).close();
});

test('what cannot be a request is refused and leaves no leaf', async (t) => {
  const journal = await Journal.create(folderFor(t), genesis);
  await assert.rejects(journal.append([], 0), { code: 'badForm' });
  await assert.rejects(journal.append([new Uint8Array(0)], 0), { code: 'badForm' });
  await assert.rejects(journal.append([new Uint8Array(65_536)], 0), { code: 'badForm' });
  await assert.rejects(journal.append([leaf(1)], 2), { code: 'beyondTree' });
  assert.throws(() => journal.read(3, 1), { code: 'beyondTree' });
  const many = Array.from({ length: 20_000 }, () => journal.append([leaf(1)], 0));
  const outcomes = await Promise.allSettled(many);
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refused.length, 20_000 - 16_384);
  assert.ok(refused.every((outcome) => (outcome.reason as { code?: string }).code === 'overloaded'));
  assert.equal(journal.head().size, 1 + 16_384);
  await journal.append([new Uint8Array(65_535)], 0);
  await journal.close();
  await assert.rejects(journal.append([leaf(1)], 0), { code: 'stopped' });
});

test('the protocol answers append, head, read and prove over a stream', async (t) => {
  const journal = await Journal.create(folderFor(t), genesis);
  const [near, far] = duplexPair();
  const served = serveJournal(far, journal, async () => Promise.reject(new Error('no witness is up')));
  const caller = new Caller(near, journalRequest, journalAnswer);
  const leaves = [leaf(1), leaf(2), leaf(3)];
  const receipt = await caller.call((id) => ({ kind: 'append', id, leaves, knownSize: 0 }));
  assert.ok(receipt.kind === 'receipt');
  const known = verifyReceipt(hasher, nodePrimitives, journal.key, empty, leaves, receipt);
  const head = await caller.call((id) => ({ kind: 'head', id, knownSize: known.size }));
  assert.ok(head.kind === 'head' && head.size === 4 && head.consistency.length === 0);
  const read = await caller.call((id) => ({ kind: 'read', id, from: 1, count: 2 }));
  assert.deepEqual(read.kind === 'entries' && read.entries, leaves.slice(0, 2));
  const proof = await caller.call((id) => ({ kind: 'prove', id, index: 2, knownSize: 4 }));
  assert.deepEqual(proof.kind === 'proof' && proof.entry, leaf(2));
  const beyond = await caller.call((id) => ({ kind: 'prove', id, index: 4, knownSize: 4 }));
  assert.equal(beyond.kind === 'refused' && beyond.code, 'beyondTree');
  const witnessed = await caller.call((id) => ({ kind: 'witnessed', id, knownSize: 4 }));
  assert.equal(witnessed.kind === 'refused' && witnessed.code, 'unwitnessed');
  const tooFar = await caller.call((id) => ({ kind: 'witnessed', id, knownSize: 5 }));
  assert.equal(tooFar.kind === 'refused' && tooFar.code, 'beyondTree');
  near.destroy();
  await served;
  await journal.close();
});
