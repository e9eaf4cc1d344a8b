import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  formatAddCheckpoint,
  formatCheckpoint,
  formatNote,
  sealLeaf as trueSeal,
  utf8,
} from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';
import { TestChain, logKey, signedBy, testKey } from './_history-log.ts';
import { Story } from './_story.ts';
import { type Attack, type Change, type Library, testEach } from './_twins.ts';

const log = new Story('log', 20);
const fork = new Story('fork', 20, { story: 'log', upTo: 8 });
const foreign = testKey('another.example/log', 'ed25519');

/** Requests to a fresh witness; the last one is the attack, and the code is its status. */
function asked(name: string, status: number, bodies: readonly Uint8Array[], ...guard: Change[]): Attack {
  const attempt = ({ createWitness, addWitnessedLog, openWitness }: Library): void => {
    const folder = mkdtempSync(join(tmpdir(), 'witness-twin-'));
    try {
      createWitness(folder, 'witness.example/w');
      addWitnessedLog(folder, logKey.key);
      const opened = openWitness(folder, () => 1_767_225_600_000);
      const answers = bodies.map((body) => opened.witness.addCheckpoint(body));
      opened.close();
      const last = answers.at(-1);
      if (last?.status !== 200) throw Object.assign(new Error(last?.body), { code: String(last?.status) });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
  return { name, attempt, code: String(status), guard };
}

const file = 'witness/witness.ts';
const anySize: Change = [file, 'if (request.oldSize !== last.size)', 'if (false)'];
const anyHistory: Change = [
  file,
  'verifyConsistency(\n        this.#hasher,\n        last.size,',
  '((..._: unknown[]) => {})(\n        this.#hasher,\n        last.size,',
];
const anySigner: Change = [file, 'verifyNote(note, [logKey], nodePrimitives);', ''];
const noProof: Change = ['library/consistency.ts', 'if (proof.length > 0)', 'if (false)'];
const hash = new Uint8Array(32);

function proven(oldSize: number, size: number, hashes: number): Uint8Array {
  const consistency = Array.from({ length: hashes }, () => hash);
  return formatAddCheckpoint({ oldSize, consistency, checkpoint: log.checkpoint(size) });
}

/** A request for `text` with the signature of `signer`. */
function signed(text: string, signer: typeof logKey, oldSize: number): Uint8Array {
  const checkpoint = formatNote({ text, signatures: [signedBy(text, signer)] });
  return formatAddCheckpoint({ oldSize, consistency: [], checkpoint });
}

const emptyTree = formatCheckpoint({ origin: logKey.key.name, size: 0, root: hash });

// Group 13.
testEach([
  asked('a replayed request', 409, [log.request(0, 5), log.request(0, 5)], anySize),
  asked(
    'a rollback',
    400,
    [log.request(0, 12), log.request(12, 9)],
    [file, 'if (request.oldSize > checkpoint.size)', 'if (false)'],
    anyHistory,
  ),
  asked('a rollback from an old size', 409, [log.request(0, 12), log.request(5, 9)], anySize, anyHistory),
  asked('another tree of one size', 422, [log.request(0, 12), fork.request(12, 12)], anyHistory),
  asked('a fork that grew', 422, [log.request(0, 12), fork.request(12, 15)], anyHistory),
  asked('another history', 422, [log.request(0, 12), new Story('other', 20).request(12, 15)], anyHistory),
  asked(
    'a second answer before the first is kept',
    409,
    [log.request(0, 11), fork.request(0, 12)],
    [
      file,
      'this.#store.set(checkpoint.origin,',
      'const keep = (origin: string, note: Uint8Array): void => queueMicrotask(() => { try { this.#store.set(origin, note); } catch {} }); keep(checkpoint.origin,',
    ],
  ),
  asked(
    'a log that is not witnessed here',
    404,
    [signed(log.text(13).replace(logKey.key.name, foreign.key.name), foreign, 0)],
    [file, 'this.#logs.get(checkpoint.origin)', '[...this.#logs.values()][0]'],
    anySigner,
    // Kept under the name of the log that it was taken for.
    [file, 'this.#store.last(checkpoint.origin)', 'this.#store.last(logKey.name)'],
    [file, 'this.#store.set(checkpoint.origin,', 'this.#store.set(logKey.name,'],
  ),
  asked('a checkpoint that the log did not sign', 403, [signed(log.text(13), foreign, 0)], anySigner),
  asked(
    'an extension line',
    400,
    [signed(`${log.text(12)}extension\n`, logKey, 0)],
    ['library/checkpoint.ts', "if (end !== '' || more.length > 0)", 'if (false)'],
  ),
  asked('a proof from nothing', 422, [proven(0, 5, 1)], noProof),
  asked('a proof between equal sizes', 422, [proven(0, 5, 0), proven(5, 5, 1)], noProof),
  asked('no proof between two sizes', 422, [proven(0, 5, 0), proven(5, 6, 0)], anyHistory),
  asked(
    'a proof of 64 hashes',
    400,
    [proven(0, 5, 0), proven(5, 6, 64)],
    ['library/add-checkpoint.ts', 'if (lines.length > PROOF_HASHES_MAX)', 'if (false)'],
    anyHistory,
  ),
  asked('an empty tree with another root', 422, [signed(emptyTree, logKey, 0)], anyHistory, [
    file,
    'if (checkpoint.size === 0)',
    'if (false)',
  ]),
  asked(
    'a request that is no request',
    400,
    [Buffer.concat([utf8('new 0\n\n'), log.checkpoint(5)])],
    ['library/add-checkpoint.ts', "if (old?.startsWith('old ') !== true)", 'if (false)'],
  ),
]);

const { keys } = new TestChain('a key');
const tag = new Uint8Array(32).fill(3);

/** Whether two leaves of one number, as a restored vault makes them, share a nonce. */
function repeatsNonce({ sealLeaf }: Library): void {
  const [first, second] = ['one', 'two'].map((payload) =>
    sealLeaf(nodePrimitives, keys, tag, 5, utf8(payload)),
  );
  if (Buffer.compare(first?.subarray(68, 80) ?? hash, second?.subarray(68, 80) ?? hash) !== 0)
    throw Object.assign(new Error('the nonces differ'), { code: 'differs' });
}

const leaf = 'library/leaf.ts';

// Group 17: the leaf itself.
testEach([
  {
    name: 'a payload of 243 bytes',
    attempt: ({ sealLeaf }) => sealLeaf(nodePrimitives, keys, tag, 1, new Uint8Array(243)),
    code: 'payload-too-long',
    guard: [
      [leaf, 'export const LEAF_BYTES = 340;', 'export const LEAF_BYTES = 600;'],
      [leaf, 'const PLAIN_BYTES = 244;', 'const PLAIN_BYTES = 500;'],
    ],
  },
  {
    name: 'a nonce that repeats after a restore',
    attempt: repeatsNonce,
    code: 'differs',
    guard: [[leaf, 'onJoined([u64(seq), payload],', 'onJoined([u64(seq)],']],
  },
  {
    name: 'a leaf opened under another number',
    attempt: ({ openLeaf, parseLeaf }) =>
      openLeaf(nodePrimitives, keys, parseLeaf(trueSeal(nodePrimitives, keys, tag, 5, utf8('x'))), 6),
    code: 'commitment-differs',
    guard: [[leaf, /if \(!equalBytes\(commit\(.*\) \{/u, 'if (false) {']],
  },
]);
