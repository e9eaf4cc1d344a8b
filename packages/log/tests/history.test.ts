import assert from 'node:assert/strict';
import { test } from 'node:test';
import { equalBytes, sealTag, utf8 } from '@counterfoil/log';
import { sha256Into } from '@counterfoil/log/node';
import {
  HOUR_MS,
  MANDATE,
  START_MS,
  TestChain,
  checkpointOf,
  failures,
  genesisLeaf,
  signBody,
  verifyEntries,
} from './_history-log.ts';
import { receiptOf, trueLog } from './_true-log.ts';

function without<T>(list: readonly T[], index: number): T[] {
  return list.toSpliced(index, 1);
}

/** Of a result whose answer says nothing of fills. */
const unread = { filled: null, filledAmount: null, stands: null } as const;

test('a true history passes every check and yields its leaves in order', async () => {
  const { entries, chain, endMs } = trueLog();
  const receipts = [1, 3, 5].map((index) => ({
    source: `receipt ${index}`,
    bytes: receiptOf(entries.slice(0, index + 2), index),
  }));
  const checkpoints = [{ source: 'at start', bytes: checkpointOf(entries.slice(0, 1), START_MS - 1000) }];
  const report = await verifyEntries(entries, chain, endMs, { receipts, checkpoints });
  assert.deepEqual(failures(report), []);
  assert.ok(report.passed);
  assert.deepEqual(
    report.leaves.map((leaf) => leaf.payload.seq),
    [0, 1, 2, 3, 4, 5, 6],
  );
  for (const check of report.checks)
    assert.ok(check.expected !== '' && check.found !== '' && check.source !== '');
});

// In each of the following, exactly the named check fails: without it the forgery would pass.

test('a gap is found: a leaf that was left out of a log that was built anew', async () => {
  const { entries, chain, endMs } = trueLog();
  const report = await verifyEntries(without(entries, 5), chain, endMs);
  assert.deepEqual(failures(report), ['no-gap', 'links']);
});

test('an omission that keeps the root is found by the root, one that re-roots by the receipts and other signed trees', async () => {
  const { entries, chain, endMs } = trueLog();
  const checkpoint = { source: 'checkpoint', bytes: checkpointOf(entries, endMs) };
  const dropped = await verifyEntries(without(entries, 4), chain, endMs, { checkpoint });
  assert.deepEqual(failures(dropped), ['size', 'root']);
  const receipts = [{ source: 'phone', bytes: receiptOf(entries, 3) }];
  // The other connection's leaf is dropped: nothing in this chain shows it, but the receipt's tree is another one.
  const rerooted = await verifyEntries(without(entries, 4), chain, endMs, {
    receipts: [{ source: 'phone', bytes: receiptOf(entries.slice(0, 6), 3) }],
  });
  assert.deepEqual(failures(rerooted), ['one-tree']);
  assert.deepEqual(failures(await verifyEntries(entries, chain, endMs, { receipts })), []);
});

test('a hidden tail is found: by a receipt, by the missing heartbeat, by a checkpoint that saw more', async () => {
  const { entries, chain, endMs } = trueLog();
  const hidden = entries.slice(0, -2);
  const receipts = [{ source: 'phone', bytes: receiptOf(entries, entries.length - 2) }];
  assert.deepEqual(failures(await verifyEntries(hidden, chain, endMs, { receipts })), ['receipts']);
  const checkpoints = [{ source: 'witness', bytes: checkpointOf(entries, endMs) }];
  assert.deepEqual(failures(await verifyEntries(hidden, chain, endMs, { checkpoints })), ['one-tree']);
  // Left alone long enough, the shortened chain is silent where a heartbeat is due.
  assert.deepEqual(failures(await verifyEntries(hidden, chain, endMs + 26 * HOUR_MS)), ['heartbeats']);
});

test('a tail that is in the log but left out by renumbering the chain is found by its tag', async () => {
  const { entries, chain, endMs } = trueLog();
  // The leaf with number 7 exists although the chain shown ends at 6: its tag is looked for.
  chain.seq = 8;
  const later = chain.leaf(signBody, endMs, { seq: 8 });
  assert.deepEqual(failures(await verifyEntries([...entries, later], chain, endMs + 1)), ['no-gap']);
});

test('a fork is found: two signed trees of one size, and a second leaf under one tag', async () => {
  const { entries, chain, endMs } = trueLog();
  const rival = trueLog();
  rival.entries[3] = new TestChain('third key').seal(START_MS);
  const checkpoints = [{ source: 'another witness', bytes: checkpointOf(rival.entries, endMs) }];
  assert.deepEqual(failures(await verifyEntries(entries, chain, endMs, { checkpoints })), ['one-tree']);
  const twin = new TestChain('first key');
  twin.seal(START_MS);
  const secondStory = twin.leaf({ kind: 'heartbeat' }, endMs);
  assert.deepEqual(failures(await verifyEntries([...entries, secondStory], chain, endMs)), ['tags-unique']);
});

test('a re-seal under the same epoch shows as a doubled tag, one under the next epoch by its own check', async () => {
  const { entries, chain, endMs } = trueLog();
  const again = new TestChain('first key', sha256('another view key'));
  assert.deepEqual(failures(await verifyEntries([...entries, again.seal(endMs)], chain, endMs)), [
    'tags-unique',
  ]);
  const next = new TestChain('first key', sha256('another view key'), 1);
  assert.deepEqual(failures(await verifyEntries([...entries, next.seal(endMs)], chain, endMs)), [
    'no-reseal',
  ]);
});

function sha256(text: string): Uint8Array {
  const out = new Uint8Array(32);
  sha256Into(utf8(text), out, 0);
  return out;
}

test('a swapped view key does not open the seal leaf that the API key id leads to', async () => {
  const { entries, endMs } = trueLog();
  const swapped = new TestChain('first key', sha256('a key that shows another chain'));
  const report = await verifyEntries(entries, swapped, endMs);
  assert.ok(failures(report).includes('sealed') && failures(report).includes('opens'));
  // A seal leaf that opens but pins another view key is refused too.
  const liar = new TestChain('first key');
  const pinned = new TestChain('first key', sha256('pinned elsewhere'));
  const body = {
    kind: 'seal',
    venue: 'paper',
    viewKeyHash: sha256('x'),
    publicKeyHash: null,
    mandateHash: MANDATE,
  } as const;
  const lying = [genesisLeaf, liar.leaf(body, START_MS)];
  assert.deepEqual(failures(await verifyEntries(lying, liar, START_MS + 1000)), ['opens']);
  assert.ok(!equalBytes(sealTag(sha256Into, pinned.name), sealTag(sha256Into, { ...pinned.name, epoch: 1 })));
});

test('a back-dated leaf lies outside the time its index was logged in', async () => {
  const { entries, chain, endMs } = trueLog();
  const checkpoints = [{ source: 'hourly', bytes: checkpointOf(entries, endMs + 3 * HOUR_MS) }];
  const lateMs = endMs + 6 * HOUR_MS;
  const backdated = chain.leaf(signBody, endMs);
  const report = await verifyEntries([...entries, backdated], chain, lateMs, { checkpoints });
  assert.deepEqual(failures(report), ['times']);
  // Without the earlier checkpoint nothing bounds it from below: the bracket is what finds it.
  assert.deepEqual(failures(await verifyEntries([...entries, backdated], chain, lateMs)), []);
  const ahead = new TestChain('first key');
  const early = [genesisLeaf, ahead.seal(START_MS + HOUR_MS)];
  assert.deepEqual(failures(await verifyEntries(early, ahead, START_MS)), ['times']);
});

test('two leaves in the wrong order are found', async () => {
  const { entries, chain, endMs } = trueLog();
  const [third, fifth] = [entries[3], entries[5]];
  assert.ok(third && fifth);
  const swapped = entries.with(3, fifth).with(5, third);
  assert.deepEqual(failures(await verifyEntries(swapped, chain, endMs)), [
    'no-gap',
    'order',
    'links',
    'rules',
  ]);
});

test('a skipped number and a previous hash that points further back are found', async () => {
  const { entries, chain, endMs } = trueLog();
  const wrongNumber = chain.leaf(signBody, endMs, { seq: 40 });
  assert.deepEqual(failures(await verifyEntries([...entries, wrongNumber], chain, endMs)), ['links']);
  const older = trueLog();
  const wrongPrevious = older.chain.leaf(signBody, endMs, { prev: new Uint8Array(32) });
  assert.deepEqual(failures(await verifyEntries([...older.entries, wrongPrevious], older.chain, endMs)), [
    'links',
  ]);
});

test('the ciphertext of another leaf under a right tag does not open', async () => {
  const { entries, chain, endMs } = trueLog();
  const [third, fifth] = [entries[3], entries[5]];
  assert.ok(third && fifth);
  const mixed = Buffer.concat([third.subarray(0, 68), fifth.subarray(68)]);
  assert.ok(failures(await verifyEntries(entries.with(3, mixed), chain, endMs)).includes('opens'));
  const recommitted = Buffer.concat([third.subarray(0, 36), fifth.subarray(36)]);
  assert.ok(failures(await verifyEntries(entries.with(3, recommitted), chain, endMs)).includes('opens'));
});

test('uses after a freeze, after the end of the key, or under a mandate not in force break the rules', async () => {
  const story = async (...bodies: Parameters<TestChain['leaf']>[0][]): Promise<string[]> => {
    const { entries, chain, endMs } = trueLog();
    const more = bodies.map((body, i) => chain.leaf(body, endMs + i));
    return failures(await verifyEntries([...entries, ...more], chain, endMs + 1000));
  };
  const cancel = { ...signBody, method: 'orderCancel' } as const;
  const freeze = { kind: 'freeze', depth: 'everything' } as const;
  assert.deepEqual(await story(freeze, signBody), ['rules']);
  assert.deepEqual(await story({ kind: 'freeze', depth: 'noNewPositions' }, signBody), ['rules']);
  assert.deepEqual(
    await story({ kind: 'freeze', depth: 'noNewPositions' }, { ...signBody, side: 'sell' }),
    [],
  );
  assert.deepEqual(await story(freeze, { ...signBody, side: 'sell' }), ['rules']);
  assert.deepEqual(await story(freeze, cancel, { kind: 'thaw' }, signBody), []);
  assert.deepEqual(await story({ kind: 'destroy' }, cancel), ['rules']);
  assert.deepEqual(await story({ ...signBody, mandateHash: new Uint8Array(16) }), ['rules']);
  const other = new Uint8Array(16).fill(9);
  assert.deepEqual(
    await story({ kind: 'mandate', mandateHash: other }, { ...signBody, mandateHash: other }),
    [],
  );
  assert.deepEqual(await story({ kind: 'mandate', mandateHash: other }, signBody), ['rules']);
  assert.deepEqual(await story({ kind: 'thaw' }), ['rules']);
  assert.deepEqual(
    await story({
      kind: 'result',
      of: 99,
      outcome: 'accepted',
      status: 200,
      venueOrderId: null,
      answerHash: null,
      ...unread,
    }),
    ['rules'],
  );
  assert.deepEqual(
    await story({
      kind: 'result',
      of: 1,
      outcome: 'accepted',
      status: 200,
      venueOrderId: '1',
      answerHash: null,
      ...unread,
    }),
    [],
  );
  const result = (outcome: 'unknown' | 'accepted' | 'rejected') =>
    ({ kind: 'result', of: 1, outcome, status: 0, venueOrderId: null, answerHash: null, ...unread }) as const;
  assert.deepEqual(
    await story(result('unknown'), result('accepted')),
    [],
    'an unknown outcome is settled later',
  );
  assert.deepEqual(
    await story(result('accepted'), { ...result('accepted'), stands: 'closed' }),
    [],
    'an order that was taken fills later',
  );
  assert.deepEqual(
    await story(result('accepted'), result('rejected')),
    ['rules'],
    'a settled one is not changed',
  );
  const open = { kind: 'readOpen', windowMs: 1, countMax: 3, methods: 1 } as const;
  assert.deepEqual(await story(open, { kind: 'readClose', of: 7, count: 4, askedHash: new Uint8Array(32) }), [
    'rules',
  ]);
  assert.deepEqual(
    await story(open, { kind: 'readClose', of: 7, count: 3, askedHash: new Uint8Array(32) }),
    [],
  );
});

test('entries that are neither private nor control leaves, and a second genesis, are found', async () => {
  const { entries, chain, endMs } = trueLog();
  assert.deepEqual(failures(await verifyEntries([...entries, utf8('note to self')], chain, endMs)), [
    'entries-known',
  ]);
  assert.deepEqual(failures(await verifyEntries([...entries, genesisLeaf], chain, endMs)), ['entries-known']);
});

test('a history with its own policy, or none of the witnesses, is not opened', async () => {
  const { entries, chain, endMs } = trueLog();
  const forged = await verifyEntries(entries, chain, endMs, {
    policy: { source: 'p', bytes: utf8('quorum none\n') },
  });
  assert.deepEqual(failures(forged), ['checkpoint']);
  const garbled = await verifyEntries(entries, chain, endMs, {
    policy: { source: 'p', bytes: utf8('trust me\n') },
  });
  assert.deepEqual(failures(garbled), ['policy']);
});
