import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  TreeHasher,
  formatCheckpoint,
  formatNote,
  formatProofFile,
  formatVerifierKey,
  toBase64,
  utf8,
} from '@counterfoil/log';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import { logKey, signedBy, testKey } from './_history-log.ts';
import { naiveConsistency, naiveInclusion, naiveRoot } from './_naive-tree.ts';
import { type Change, type Library, testEach, trueLibrary } from './_twins.ts';

const hasher = new TreeHasher(sha256Into);
const entries = Array.from({ length: 8 }, (_, i) => utf8(`entry ${i}`));
const leaf = entries.map((entry) => hasher.leafHash(entry));
const [leaf0, leaf1] = leaf;
assert.ok(leaf0 && leaf1);
const root8 = naiveRoot(entries);
const proof0 = naiveInclusion(0, entries);
const inclusionFile = 'library/inclusion.ts';
const include =
  (index: number, size: number, hash: Uint8Array, proof: readonly Uint8Array[], root: Uint8Array) =>
  (log: Library) =>
    log.verifyInclusion(new log.TreeHasher(sha256Into), index, size, hash, proof, root);
const indexGuard: Change = [
  inclusionFile,
  '!Number.isSafeInteger(index) || index < 0 || index >= size',
  'false',
];
const short = (hash: Uint8Array): Uint8Array => hash.subarray(0, 12);

/** A tree complete up to 2^53 leaves, of which only one path is known. */
function deepPath(): { readonly proof: Uint8Array[]; readonly root: Uint8Array } {
  const proof = Array.from({ length: 53 }, (_, level) => hasher.leafHash(utf8(`sibling ${level}`)));
  return { proof, root: proof.reduce((hash, sibling) => hasher.nodeHash(hash, sibling), leaf[0] ?? root8) };
}
const deep = deepPath();

const consistencyFile = 'library/consistency.ts';
const root4 = naiveRoot(entries.slice(0, 4));
const root5 = naiveRoot(entries.slice(0, 5));
const proof5 = naiveConsistency(5, entries);
const consistent =
  (from: number, to: number, proof: readonly Uint8Array[], older: Uint8Array, newer: Uint8Array) =>
  (log: Library) =>
    log.verifyConsistency(new log.TreeHasher(sha256Into), from, to, proof, older, newer);
const other = hasher.leafHash(utf8('other'));

// Groups 10 and 15.
testEach([
  {
    name: 'a leaf at the index of its neighbour',
    attempt: include(1, 8, leaf0, proof0, root8),
    code: 'root-differs',
    guard: [[inclusionFile, 'if (!equalBytes(hash, root))', 'if (false)']],
  },
  {
    name: 'another leaf',
    attempt: include(0, 8, leaf1, proof0, root8),
    code: 'root-differs',
    guard: [[inclusionFile, 'if (!equalBytes(hash, root))', 'if (false)']],
  },
  {
    name: 'an index equal to the size',
    attempt: include(8, 8, leaf0, proof0, root8),
    code: 'index-beyond-tree',
    guard: [indexGuard],
  },
  {
    name: 'an index that 32 bits would wrap',
    attempt: include(2 ** 32, 8, leaf0, proof0, root8),
    code: 'index-beyond-tree',
    guard: [indexGuard],
  },
  {
    name: 'a proof that is too long for its size',
    attempt: include(0, 4, leaf0, [...proof0.slice(0, 2), other], hasher.nodeHash(other, root4)),
    code: 'proof-too-long',
    guard: [[inclusionFile, 'if (last === 0)', 'if (false)']],
  },
  {
    name: 'a proof that is too short for its size',
    attempt: include(0, 16, leaf0, proof0, root8),
    code: 'proof-too-short',
    guard: [[inclusionFile, 'if (last !== 0)', 'if (false)']],
  },
  {
    name: 'a leaf hash and root of 12 bytes',
    attempt: include(0, 1, short(leaf0), [], short(leaf0)),
    code: 'bad-hash-length',
    guard: [
      [inclusionFile, "checkHash(leafHash, 'leaf hash');", ''],
      [inclusionFile, "checkHash(root, 'root');", ''],
    ],
  },
  {
    name: 'a tree of 2^53 leaves',
    attempt: include(0, 2 ** 53, leaf0, deep.proof, deep.root),
    code: 'bad-number',
    guard: [[inclusionFile, /checkSize\(size\);/u, '']],
  },
  {
    name: 'a node shown as a leaf',
    attempt: (log) =>
      include(
        0,
        4,
        new log.TreeHasher(sha256Into).leafHash(Buffer.concat([leaf0, leaf1])),
        proof0.slice(1),
        root8,
      )(log),
    code: 'root-differs',
    guard: [['library/hashing.ts', 'const LEAF_PREFIX = 0x00;', 'const LEAF_PREFIX = 0x01;']],
  },
  {
    name: 'two roots of one size',
    attempt: consistent(8, 8, [], root8, other),
    code: 'root-differs',
    guard: [[consistencyFile, 'if (size1 === size2 && !equalBytes(root1, root2))', 'if (false)']],
  },
  {
    name: 'a size that shrinks',
    attempt: consistent(4, 3, [], root4, root4),
    code: 'size-shrinks',
    guard: [[consistencyFile, 'if (size2 < size1)', 'if (false)']],
  },
  {
    name: 'an older tree that is another one',
    attempt: consistent(5, 8, proof5, other, root8),
    code: 'root-differs',
    guard: [[consistencyFile, 'if (!equalBytes(older, root1))', 'if (false)']],
  },
  {
    name: 'a newer tree that is another one',
    attempt: consistent(5, 8, proof5, root5, other),
    code: 'root-differs',
    guard: [[consistencyFile, 'if (!equalBytes(newer, root2))', 'if (false)']],
  },
  {
    name: 'a consistency proof that is too long for its size',
    attempt: consistent(
      5,
      8,
      [...proof5, other],
      hasher.nodeHash(other, root5),
      hasher.nodeHash(other, root8),
    ),
    code: 'proof-too-long',
    guard: [[consistencyFile, 'if (last === 0)', 'if (false)']],
  },
  {
    name: 'a consistency proof that is too short for its size',
    attempt: consistent(4, 16, naiveConsistency(4, entries), root4, root8),
    code: 'proof-too-short',
    guard: [[consistencyFile, 'if (last !== 0)', 'if (false)']],
  },
  {
    name: 'an empty consistency proof',
    attempt: consistent(5, 8, [], root5, root8),
    code: 'proof-too-short',
    guard: [[consistencyFile, 'if (first === undefined)', 'if (first === undefined) return; if (false)']],
  },
  {
    name: 'a proof where none is needed',
    attempt: consistent(8, 8, [other], root8, root8),
    code: 'proof-too-long',
    guard: [[consistencyFile, 'if (proof.length > 0)', 'if (false)']],
  },
  {
    name: 'a root of the empty tree that is none',
    attempt: consistent(0, 8, [], other, root8),
    code: 'root-differs',
    guard: [[consistencyFile, 'if (size1 === 0 && !equalBytes(root1, hasher.emptyRoot()))', 'if (false)']],
  },
]);

const text = formatCheckpoint({ origin: logKey.key.name, size: 8, root: root8 });
const checkpoint = formatNote({ text, signatures: [signedBy(text, logKey)] });
const policy = `log ${formatVerifierKey(logKey.key)}\nquorum none\n`;
const [h1] = proof0;
assert.ok(h1);
const file = Buffer.from(
  formatProofFile({ extra: undefined, index: 0, inclusion: proof0, checkpoint }),
).toString();
const proofFile = 'library/proof-file.ts';
const plainNumber: Change = ['library/number-text.ts', /if \(!\/.*\/\.test\(text\)\)/u, 'if (false)'];
const anyNumber: Change = ['library/number-text.ts', 'if (!Number.isSafeInteger(value))', 'if (false)'];
const anyHash: Change = [proofFile, "for (const hash of inclusion) checkHash(hash, 'proof hash');", ''];
const parse =
  (content: string) =>
  ({ parseProofFile }: Library) =>
    parseProofFile(utf8(content));
const foreign = testKey('foreign.example/log', 'ed25519');
const foreignText = formatCheckpoint({ origin: foreign.key.name, size: 8, root: root8 });
const foreignCheckpoint = formatNote({ text: foreignText, signatures: [signedBy(foreignText, foreign)] });
const verifyFile = (content: Uint8Array, leafHash: Uint8Array) => (log: Library) =>
  log.verifyProofFile(
    new log.TreeHasher(sha256Into),
    log.parseProofFile(content),
    leafHash,
    log.parsePolicy(sha256Into, policy),
    nodePrimitives,
  );

// Group 16.
testEach([
  {
    name: 'a proof file of another version',
    attempt: parse(file.replace('@v1', '@v2')),
    code: 'bad-proof-file',
    guard: [[proofFile, 'if (header !== HEADER)', 'if (false)']],
  },
  {
    name: 'an index below zero',
    attempt: parse(file.replace('index 0', 'index -5')),
    code: 'bad-number',
    guard: [plainNumber],
  },
  {
    name: 'an index with a leading zero',
    attempt: parse(file.replace('index 0', 'index 05')),
    code: 'bad-number',
    guard: [plainNumber],
  },
  {
    name: 'an index that is no number',
    attempt: parse(file.replace('index 0', 'index notanumber')),
    code: 'bad-number',
    guard: [plainNumber, anyNumber],
  },
  {
    name: 'a proof file without its index',
    attempt: parse(file.replace('index 0\n', '')),
    code: 'bad-proof-file',
    guard: [
      [
        proofFile,
        'const indexLine = lines.shift();',
        "const indexLine = lines[0]?.startsWith('index ') ? lines.shift() : 'index 0';",
      ],
    ],
  },
  {
    name: 'a proof file without its blank line',
    attempt: parse(file.replace('\n\n', '\n')),
    code: 'bad-base64',
    guard: [
      [
        proofFile,
        'if (bytes[i] === 0x0a && bytes[i + 1] === 0x0a) return i;',
        'if (bytes[i] === 0x0a && bytes[i + 1] === 0x68) return i - 1;',
      ],
      [proofFile, 'bytes.subarray(0, split)', 'bytes.subarray(0, split + 1)'],
    ],
  },
  {
    name: 'a proof file with CRLF line ends',
    attempt: parse(file.replaceAll('\n', '\r\n')),
    code: 'bad-proof-file',
    guard: [
      [
        proofFile,
        'const split = blankLine(bytes);',
        'bytes = bytes.filter((byte) => byte !== 13); const split = blankLine(bytes);',
      ],
    ],
  },
  {
    name: 'extra data twice',
    attempt: parse(file.replace('index', 'extra AAAA\nextra AAAA\nindex')),
    code: 'bad-proof-file',
    guard: [
      [
        proofFile,
        'const indexLine = lines.shift();',
        "while (lines[0]?.startsWith('extra ')) lines.shift(); const indexLine = lines.shift();",
      ],
    ],
  },
  {
    name: 'extra data that is no base64',
    attempt: parse(file.replace('index', 'extra A\nindex')),
    code: 'bad-base64',
    guard: [
      ['library/base64.ts', 'if (text.length % 4 !== 0)', 'if (false)'],
      ['library/base64.ts', 'if ((held & ((1 << bits) - 1)) !== 0)', 'if (false)'],
    ],
  },
  {
    name: 'extra data that is believed',
    attempt: verifyFile(
      formatProofFile({ extra: utf8('a story'), index: 0, inclusion: proof0, checkpoint }),
      hasher.leafHash(utf8('a story')),
    ),
    code: 'root-differs',
    guard: [[proofFile, /verifyInclusion\(hasher, file\.index.*\);/u, '']],
  },
  {
    name: 'a proof hash that is no base64',
    attempt: parse(file.replace(toBase64(h1), 'not base64')),
    code: 'bad-base64',
    guard: [[proofFile, 'lines.map((line) => fromBase64(line))', 'lines.map(() => new Uint8Array(32))']],
  },
  {
    name: 'a proof hash of 64 bytes',
    attempt: parse(file.replace(toBase64(h1), toBase64(new Uint8Array(64)))),
    code: 'bad-hash-length',
    guard: [anyHash],
  },
  {
    name: 'a line of 65 kB',
    attempt: parse(file.replace(toBase64(h1), 'A'.repeat(65_000))),
    code: 'bad-hash-length',
    guard: [anyHash],
  },
  {
    name: '64 proof hashes and more',
    attempt: parse(file.replace(`${toBase64(h1)}\n`, `${toBase64(h1)}\n`.repeat(64))),
    code: 'bad-proof-file',
    guard: [[proofFile, 'if (lines.length > PROOF_HASHES_MAX)', 'if (false)']],
  },
  {
    name: 'a proof file without a checkpoint',
    attempt: parse(file.slice(0, file.indexOf('\n\n') + 2)),
    code: 'bad-proof-file',
    guard: [[proofFile, 'if (checkpoint.length === 0)', 'if (false)']],
  },
  {
    name: 'a proof file of over 131,072 bytes',
    attempt: ({ parseProofFile }) => parseProofFile(Buffer.concat([utf8(file), new Uint8Array(131_072)])),
    code: 'bad-proof-file',
    guard: [[proofFile, 'if (bytes.length > 2 * NOTE_BYTES_MAX)', 'if (false)']],
  },
  {
    name: "another log's checkpoint",
    attempt: verifyFile(
      formatProofFile({ extra: undefined, index: 0, inclusion: proof0, checkpoint: foreignCheckpoint }),
      leaf0,
    ),
    code: 'wrong-origin',
    guard: [
      ['library/open-checkpoint.ts', 'known.key.name === checkpoint.origin', 'true'],
      [
        'library/open-checkpoint.ts',
        'if (!verified.some((signature) => signature.key === log.key))',
        'if (false)',
      ],
      ['library/note.ts', 'if (verified.length === 0)', 'if (false)'],
    ],
  },
]);

test('the true tree, proofs and files are taken', () => {
  include(0, 8, leaf0, proof0, root8)(trueLibrary);
  consistent(5, 8, proof5, root5, root8)(trueLibrary);
  verifyFile(utf8(file), leaf0)(trueLibrary);
});
