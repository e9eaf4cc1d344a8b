import { type HistoryInput, chainTag, encodeControlLeaf, sealLeaf, utf8 } from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import {
  type Body,
  HOUR_MS,
  MANDATE,
  START_MS,
  TestChain,
  checkpointOf,
  failures,
  genesisLeaf,
  historyOf,
  signBody,
} from './_history-log.ts';
import { receiptOf, trueLog } from './_true-log.ts';
import { type Attack, type Change, type Library, testEach } from './_twins.ts';

/** A forged history; it is refused by the checks of these names and by no other. */
function forged(name: string, code: string, input: HistoryInput, ...guard: Change[]): Attack {
  const attempt = async ({ verifyHistory }: Library): Promise<void> => {
    const failed = failures(await verifyHistory(nodePrimitives, input)).join(' ');
    if (failed !== '') throw Object.assign(new Error(failed), { code: failed });
  };
  return { name, attempt, code, guard };
}

const reader = 'library/chain-reader.ts';
const rules = 'library/chain-rules.ts';
const history = 'library/history.ts';
const evidence = 'library/history-evidence.ts';
const scan = 'library/history-scan.ts';
const chainChecks = 'library/history-chain.ts';
const anyRoot: Change = [history, 'passed: equalBytes(root, checkpoint.root)', 'passed: true'];
const anySize: Change = [history, 'passed: size === checkpoint.size', 'passed: true'];
const anyTag: Change = [scan, 'if (earlier !== undefined)', 'if (false)'];
const anyGap: Change = [reader, 'this.faults.missing.push(', 'void ('];
const anyOrder: Change = [reader, 'this.faults.order.push(', 'void ('];
const anyNumber: Change = [reader, 'if (payload.seq !== seq)', 'if (false)'];
const anyPrevious: Change = [reader, 'if (!equalBytes(payload.prev, this.#previousHash))', 'if (false)'];
const anyTime: Change = [rules, 'if (payload.atMs < state.atMs)', 'if (false)'];
const silent: Change = [chainChecks, 'if (silenceMs > input.heartbeatMsMax)', 'if (false)'];
const notAfter: Change = [chainChecks, 'if (payload.atMs < afterMs - clockMsMax)', 'if (false)'];
const notBefore: Change = [chainChecks, 'if (payload.atMs > beforeMs + clockMsMax)', 'if (false)'];
const anyTree: Change = [history, 'return ours !== undefined && equalBytes(ours, root)', 'return true'];
const anyEnd: Change = [
  history,
  /if \(size > final\.size\) return \[.*\];/u,
  'if (size > final.size) return [];',
];

const { entries, chain, endMs } = trueLog();
const tail = { source: 'phone', bytes: receiptOf(entries, entries.length - 2) };
const swapped = (() => {
  const [third, fifth] = [entries[3], entries[5]];
  return third && fifth ? entries.with(3, fifth).with(5, third) : entries;
})();

/** The true history with `bodies` behind it. */
function story(...bodies: Body[]): HistoryInput {
  const log = trueLog();
  const more = bodies.map((body, i) => log.chain.leaf(body, log.endMs + i));
  return historyOf([...log.entries, ...more], log.chain, log.endMs + 1_000);
}

/** The true history with one leaf that lies behind it. */
function lie(over: { seq?: number; prev?: Uint8Array }, atMs = 0): HistoryInput {
  const log = trueLog();
  return historyOf([...log.entries, log.chain.leaf(signBody, log.endMs - atMs, over)], log.chain, log.endMs);
}

/** Another chain for the same key, from its view key and epoch, or one whose first leaves are the same. */
function second(epoch: number): HistoryInput {
  const again = new TestChain('first key', new Uint8Array(32).fill(9), epoch);
  return historyOf([...entries, again.seal(endMs)], chain, endMs);
}

function secondStory(): HistoryInput {
  const twin = new TestChain('first key');
  twin.seal(START_MS);
  return historyOf([...entries, twin.leaf({ kind: 'heartbeat' }, endMs)], chain, endMs);
}

/** A leaf that commits to another payload than it carries. */
function miscommitted(): HistoryInput {
  const log = trueLog();
  const first = log.chain.leaf(signBody, log.endMs);
  const other = sealLeaf(
    nodePrimitives,
    log.chain.keys,
    chainTag(nodePrimitives, log.chain.keys, 7),
    7,
    utf8('x'),
  );
  const mixed = Buffer.concat([first.subarray(0, 36), other.subarray(36)]);
  return historyOf([...log.entries, mixed], log.chain, log.endMs);
}

function pinnedElsewhere(): HistoryInput {
  const liar = new TestChain('first key');
  const body = {
    kind: 'seal',
    venue: 'paper',
    viewKeyHash: new Uint8Array(32),
    publicKeyHash: null,
    mandateHash: MANDATE,
  } as const;
  return historyOf([genesisLeaf, liar.leaf(body, START_MS)], liar, START_MS + 1_000);
}

function backdated(): HistoryInput {
  const log = trueLog();
  const checkpoints = [{ source: 'hourly', bytes: checkpointOf(log.entries, log.endMs + 3 * HOUR_MS) }];
  const leaf = log.chain.leaf(signBody, log.endMs);
  return historyOf([...log.entries, leaf], log.chain, log.endMs + 6 * HOUR_MS, { checkpoints });
}

function ahead(): HistoryInput {
  const early = new TestChain('first key');
  return historyOf([genesisLeaf, early.seal(START_MS + HOUR_MS)], early, START_MS);
}

// Groups 5, 6, 9 and 17.
testEach([
  forged(
    'a leaf dropped from the files',
    'size root',
    historyOf(entries.toSpliced(4, 1), chain, endMs, {
      checkpoint: { source: 'checkpoint', bytes: checkpointOf(entries, endMs) },
    }),
    anySize,
    anyRoot,
  ),
  forged(
    'a leaf dropped from the files and from the tree',
    'one-tree',
    historyOf(entries.toSpliced(4, 1), chain, endMs, {
      receipts: [{ source: 'phone', bytes: receiptOf(entries.slice(0, 6), 3) }],
    }),
    anyTree,
  ),
  forged(
    'a gap in the chain',
    'no-gap links',
    historyOf(entries.toSpliced(5, 1), chain, endMs),
    anyGap,
    anyPrevious,
  ),
  forged(
    'two leaves in each other’s place',
    'no-gap order links rules',
    historyOf(swapped, chain, endMs),
    anyGap,
    anyOrder,
    anyPrevious,
    anyTime,
  ),
  forged(
    'a tail that is hidden from its receipt',
    'receipts',
    historyOf(entries.slice(0, -2), chain, endMs, { receipts: [tail] }),
    [
      evidence,
      'if (checkpoint.size > final.size) {',
      'if (checkpoint.size > final.size) continue; if (false) {',
    ],
  ),
  forged(
    'a tail that is hidden from a witness',
    'one-tree',
    historyOf(entries.slice(0, -2), chain, endMs, {
      checkpoints: [{ source: 'witness', bytes: checkpointOf(entries, endMs) }],
    }),
    anyEnd,
  ),
  forged(
    'a tail that is hidden for more than a day',
    'heartbeats',
    historyOf(entries.slice(0, -2), chain, endMs + 26 * HOUR_MS),
    silent,
  ),
  forged(
    'a cosignature from the far future',
    'heartbeats',
    historyOf(entries, chain, endMs + 87_600 * HOUR_MS),
    silent,
  ),
  forged('a second story under the tag of the first', 'tags-unique', secondStory(), anyTag),
  forged('a key that is sealed again under its epoch', 'tags-unique', second(0), anyTag),
  forged('a key that is sealed again under the next epoch', 'no-reseal', second(1), [
    reader,
    'if (equalBytes(leaf.tag, this.#resealTag))',
    'if (false)',
  ]),
  forged('a seal leaf that pins another view key', 'opens', pinnedElsewhere(), [
    reader,
    'if (!equalBytes(hash, payload.viewKeyHash))',
    'if (false)',
  ]),
  forged('a number that is skipped', 'links', lie({ seq: 40 }), anyNumber),
  forged('a leaf that names an older one', 'links', lie({ prev: new Uint8Array(32) }), anyPrevious),
  forged('a leaf before the time of the last one', 'rules', lie({}, HOUR_MS / 2), anyTime),
  forged('a leaf with the ciphertext of another', 'opens', miscommitted(), [
    reader,
    'this.faults.opening.push(error.message);',
    '',
  ]),
  forged('a leaf that is dated back', 'times', backdated(), notAfter),
  forged('a leaf that is dated forward', 'times', ahead(), notBefore),
  forged(
    'an entry of no kind',
    'entries-known',
    historyOf([...entries, utf8('note to self')], chain, endMs),
    [scan, 'this.malformed.push(', 'void ('],
  ),
  forged('a second genesis', 'entries-known', historyOf([...entries, genesisLeaf], chain, endMs), [
    scan,
    "if ((kind === 'genesis') !== (index === 0))",
    'if (false)',
  ]),
  forged(
    'a log that does not begin with its genesis',
    'entries-known',
    historyOf([encodeControlLeaf({ kind: 'canaries', fields: [] }), ...entries.slice(1)], chain, endMs),
    [scan, "if ((kind === 'genesis') !== (index === 0))", 'if (false)'],
  ),
]);

const freeze = { kind: 'freeze', depth: 'everything' } as const;
const elsewhere = new Uint8Array(16).fill(9);
const open = { kind: 'readOpen', windowMs: 1, countMax: 3, methods: 1 } as const;
const close = (of: number, count: number): Body => ({
  kind: 'readClose',
  of,
  count,
  askedHash: new Uint8Array(32),
});
const result = (of: number, outcome: 'accepted' | 'rejected'): Body => ({
  kind: 'result',
  of,
  outcome,
  status: 200,
  venueOrderId: null,
  answerHash: null,
  filled: null,
  filledAmount: null,
  stands: null,
});
const frozenOrder: Change = [
  rules,
  "if (state.frozen !== 'no' && payload.method === 'orderCreate' && payload.side !== 'sell')",
  'if (false)',
];
const frozenUse: Change = [
  rules,
  "if (state.frozen === 'everything' && payload.method !== 'orderCancel')",
  'if (false)',
];
const anyMandate: Change = [rules, 'if (!equalBytes(payload.mandateHash, state.mandateHash))', 'if (false)'];
const anyResult: Change = [
  rules,
  "if (open === undefined || (open === 'accepted' && outcome !== 'accepted'))",
  'if (false)',
];

testEach([
  forged('an order while everything is frozen', 'rules', story(freeze, signBody), frozenOrder, frozenUse),
  forged(
    'an order while no new position may begin',
    'rules',
    story({ kind: 'freeze', depth: 'noNewPositions' }, signBody),
    frozenOrder,
  ),
  forged('a read while everything is frozen', 'rules', story(freeze, open), [
    rules,
    "if (state.frozen === 'everything') faults",
    'if (false) faults',
  ]),
  forged(
    'a use after the end of the key',
    'rules',
    story({ kind: 'destroy' }, { ...signBody, method: 'orderCancel' }),
    [rules, 'if (state.destroyed)', 'if (false)'],
  ),
  forged(
    'an order under limits of its own',
    'rules',
    story({ ...signBody, mandateHash: elsewhere }),
    anyMandate,
  ),
  forged(
    'an order under limits that are over',
    'rules',
    story({ kind: 'mandate', mandateHash: elsewhere }, signBody),
    anyMandate,
  ),
  forged('a thaw of what was not frozen', 'rules', story({ kind: 'thaw' }), [
    rules,
    "if (state.frozen === 'no') faults",
    'if (false) faults',
  ]),
  forged('a result of nothing', 'rules', story(result(99, 'accepted')), anyResult),
  forged('a result that is changed', 'rules', story(result(1, 'accepted'), result(1, 'rejected')), anyResult),
  forged('a read window closed twice', 'rules', story(open, close(7, 3), close(7, 3)), [
    rules,
    'if (countMax === undefined) faults',
    'if (false) faults',
  ]),
  forged('more reads than the window allowed', 'rules', story(open, close(7, 4)), [
    rules,
    'else if (count > countMax) faults',
    'else if (false) faults',
  ]),
]);
