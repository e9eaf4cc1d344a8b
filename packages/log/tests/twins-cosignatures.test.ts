import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import {
  cosignatureBlob,
  formatCheckpoint,
  formatNote,
  formatVerifierKey,
  makeVerifierKey,
  u64,
  utf8,
} from '@counterfoil/log';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import { logKey, signedBy, testKey, witnessKey } from './_history-log.ts';
import { type Change, type Library, testEach, trueLibrary } from './_twins.ts';

const root = new Uint8Array(createHash('sha256').update('root').digest());
const origin = logKey.key.name;
const text = formatCheckpoint({ origin, size: 7, root });
const elsewhere = formatCheckpoint({ origin: 'other.example/log', size: 7, root });
const own = signedBy(text, logKey);
const unchecked: Change = [
  'library/note.ts',
  'signatures.verifyEd25519(key.publicKey, utf8(text), blob)',
  'true',
];

const TIME = 1_767_225_600;
const cosigned = signedBy(text, witnessKey, TIME);
const cosignatureFile = 'library/cosignature.ts';
const unheld: Change = [cosignatureFile, 'if (!holds)', 'if (false)'];
const anyTime: Change = [cosignatureFile, 'if (time === 0n || time > BigInt(TIME_MAX))', 'if (false)'];
const verify =
  (signed: string, blob: Uint8Array, key = witnessKey.key) =>
  ({ verifyNote }: Library) =>
    verifyNote(
      { text: signed, signatures: [{ name: key.name, keyId: key.id, blob }] },
      [key],
      nodePrimitives,
    );

function blobAt(time: bigint): Uint8Array {
  const blob = new Uint8Array(72);
  new DataView(blob.buffer).setBigUint64(0, time);
  blob.set(sign(null, utf8(`cosignature/v1\ntime ${Number(time)}\n${text}`), witnessKey.secret), 8);
  return blob;
}

const postQuantum = (() => {
  const { publicKey, privateKey } = generateKeyPairSync('ml-dsa-44');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-1312));
  return { key: makeVerifierKey(sha256Into, 'pq.example/w', 'cosignatureMlDsa44', raw), secret: privateKey };
})();

/** A 0x06 cosignature of the leaves from `start` to the size, as C2SP tlog-cosignature spells it. */
function subtreeBlob(start: number, time: number): Uint8Array {
  const { key, secret } = postQuantum;
  const short = (name: string): Uint8Array[] => [Uint8Array.of(name.length), utf8(name)];
  const message = Buffer.concat([
    utf8('subtree/v1\n\0'),
    ...short(key.name),
    u64(time),
    ...short(origin),
    u64(start),
    u64(7),
    root,
  ]);
  return cosignatureBlob(time, new Uint8Array(sign(null, message, secret)));
}

const anyStart: Change = [cosignatureFile, 'u64(0),', 'u64(1),'];
const asPlain = makeVerifierKey(sha256Into, witnessKey.key.name, 'ed25519', witnessKey.key.publicKey);

test('a true cosignature of each type is taken', () => {
  verify(text, cosigned.blob)(trueLibrary);
  verify(text, subtreeBlob(0, TIME), postQuantum.key)(trueLibrary);
});

// Group 12.
testEach([
  {
    name: 'a cosignature moved to another tree',
    attempt: verify(formatCheckpoint({ origin, size: 8, root }), cosigned.blob),
    code: 'bad-signature',
    guard: [unheld],
  },
  {
    name: 'a cosignature moved to another log',
    attempt: verify(elsewhere, cosigned.blob),
    code: 'bad-signature',
    guard: [unheld],
  },
  {
    name: 'a cosignature moved to another time',
    attempt: verify(text, cosignatureBlob(TIME + 1, cosigned.blob.subarray(8))),
    code: 'bad-signature',
    guard: [unheld],
  },
  {
    name: 'a cosignature of time 0',
    attempt: verify(text, blobAt(0n)),
    code: 'bad-signature',
    guard: [anyTime],
  },
  {
    name: 'a cosignature of time 2^63',
    attempt: verify(text, blobAt(2n ** 63n)),
    code: 'bad-signature',
    guard: [anyTime],
  },
  {
    name: 'a cosignature of time 2^64 − 1',
    attempt: verify(text, blobAt(2n ** 64n - 1n)),
    code: 'bad-signature',
    guard: [anyTime],
  },
  {
    name: 'a cosignature with a byte behind it',
    attempt: verify(text, Buffer.concat([cosigned.blob, Uint8Array.of(0)])),
    code: 'bad-signature',
    guard: [
      [cosignatureFile, 'if (blob.length !== 8 + signatureBytes)', 'if (false)'],
      [cosignatureFile, 'blob.subarray(8);', 'blob.subarray(8, 8 + signatureBytes);'],
    ],
  },
  {
    name: 'a cosignature key used as a log key',
    attempt: verify(text, cosigned.blob.subarray(8), asPlain),
    code: 'bad-signature',
    guard: [unchecked],
  },
  {
    name: 'a 0x06 cosignature of a subtree that starts at 1',
    attempt: verify(text, subtreeBlob(1, TIME), postQuantum.key),
    code: 'bad-signature',
    guard: [anyStart],
  },
  {
    name: 'a 0x06 cosignature of a subtree, with the time 0 that it must have',
    attempt: verify(text, subtreeBlob(1, 0), postQuantum.key),
    code: 'bad-signature',
    guard: [anyStart, anyTime],
  },
  {
    name: 'a 0x06 cosignature of time 0',
    attempt: verify(text, subtreeBlob(0, 0), postQuantum.key),
    code: 'bad-signature',
    guard: [anyTime],
  },
]);

const log = `log ${formatVerifierKey(logKey.key)}\n`;
const witness = `witness w1 ${formatVerifierKey(witnessKey.key)}\n`;
const policyFile = 'library/policy.ts';
const renamed = makeVerifierKey(sha256Into, 'w2.example', 'cosignatureEd25519', witnessKey.key.publicKey);
const keyTwice: Change = [policyFile, /throw refuse\(number, 'witness key twice'\);/u, ''];
const openUnder =
  (policy: string, ...signatures: (typeof own)[]) =>
  (library: Library) =>
    library.openCosigned(
      formatNote({ text, signatures }),
      library.parsePolicy(sha256Into, policy),
      nodePrimitives,
    );
const three = ['a', 'b', 'c'].map((name) => testKey(`${name}.example`, 'cosignatureEd25519'));
const lines = three.map(({ key }, i) => `witness ${'abc'[i]} ${formatVerifierKey(key)}\n`).join('');
const twoOfThree = `${log}${lines}group two 2 a b c\nquorum two\n`;
const [a, b, c] = three.map((key) => signedBy(text, key, 5));
assert.ok(a && b && c);
const brokenB = { ...b, blob: b.blob.map((byte, i) => (i === 20 ? byte ^ 1 : byte)) };
const counted: Change = [
  'library/open-checkpoint.ts',
  'if (!quorumHolds(policy, new Set(times.keys())))',
  'if (verified.length - 1 < 2)',
];
const repeats: Change = ['library/note.ts', /if \(verified\.some\(.*\) continue;/u, ''];

// Group 14.
testEach([
  {
    name: 'one operator under two names',
    attempt: openUnder(
      `${log}${witness}witness w2 ${formatVerifierKey(renamed)}\ngroup g 2 w1 w2\nquorum g\n`,
      own,
      cosigned,
      { ...cosigned, name: renamed.name, keyId: renamed.id },
    ),
    code: 'bad-policy',
    guard: [keyTwice],
  },
  {
    name: 'one witness short of the quorum',
    attempt: openUnder(twoOfThree, own, a),
    code: 'quorum-missing',
    guard: [[policyFile, 'policy.quorum === undefined || holds(policy.quorum)', 'true']],
  },
  {
    name: 'one witness that signs twice',
    attempt: openUnder(twoOfThree, own, a, a),
    code: 'quorum-missing',
    guard: [counted, repeats],
  },
  {
    name: 'one good and one bad cosignature',
    attempt: openUnder(twoOfThree, own, a, brokenB),
    code: 'bad-signature',
    guard: [unheld],
  },
  {
    name: 'a quorum without the log itself',
    attempt: openUnder(twoOfThree, a, c),
    code: 'unknown-signer',
    guard: [
      [
        'library/open-checkpoint.ts',
        'if (!verified.some((signature) => signature.key === log.key))',
        'if (false)',
      ],
    ],
  },
]);

const policies: readonly (readonly [name: string, policy: string, ...guard: Change[]])[] = [
  ['no quorum', log, [policyFile, 'if (quorum === undefined) throw', 'if (false) throw']],
  [
    'two quorums',
    `${log}quorum none\nquorum none\n`,
    [policyFile, 'if (quorum !== undefined) throw', 'if (false) throw'],
  ],
  [
    'a quorum of nobody known',
    `${log}quorum w1\n`,
    [policyFile, "if (name !== 'none' && !isDefined(name)) throw", 'if (false) throw'],
  ],
  [
    'a quorum before its witness',
    `${log}quorum w1\n${witness}`,
    [policyFile, "if (name !== 'none' && !isDefined(name)) throw", 'if (false) throw'],
  ],
  ['a log twice', `${log}${log}quorum none\n`, [policyFile, "throw refuse(number, 'log key twice');", '{}']],
  [
    'a witness twice',
    `${log}${witness}${witness}quorum w1\n`,
    [
      policyFile,
      "if (name === undefined || name === 'none' || isDefined(name))\n        throw refuse(number, 'a witness",
      "if (false)\n        throw refuse(number, 'a witness",
    ],
    keyTwice,
  ],
  [
    'two of one',
    `${log}${witness}group g 2 w1\nquorum g\n`,
    [policyFile, 'need >= 1 && need <= members', 'need >= 1'],
  ],
  [
    'none of one',
    `${log}${witness}group g 0 w1\nquorum g\n`,
    [policyFile, 'return need >= 1 && need <= members ? need : undefined;', 'return Number(text);'],
  ],
  [
    'any of nobody',
    `${log}${witness}group g any\nquorum g\n`,
    [policyFile, "if (text === 'any') return members > 0 ? 1 : undefined;", "if (text === 'any') return 1;"],
  ],
  [
    'all of nobody',
    `${log}${witness}group g all\nquorum g\n`,
    [
      policyFile,
      "if (text === 'all') return members > 0 ? members : undefined;",
      "if (text === 'all') return members;",
    ],
  ],
  [
    'a member twice',
    `${log}${witness}group g 2 w1 w1\nquorum g\n`,
    [policyFile, 'if (grouped.has(member)) throw', 'if (false) throw'],
  ],
  [
    'a member of two groups',
    `${log}${witness}group g any w1\ngroup h any w1\nquorum h\n`,
    [policyFile, 'if (grouped.has(member)) throw', 'if (false) throw'],
  ],
  [
    'a group named none',
    `${log}${witness}group none any w1\nquorum none\n`,
    [
      policyFile,
      "if (name === undefined || name === 'none' || isDefined(name))\n        throw refuse(number, 'a group",
      "if (name === undefined || isDefined(name))\n        throw refuse(number, 'a group",
    ],
  ],
  [
    'a log key as witness',
    `${log}witness w1 ${formatVerifierKey(logKey.key)}\nquorum w1\n`,
    [policyFile, "if (key.type === 'ed25519') throw", 'if (false) throw'],
  ],
  [
    'a witness key as log',
    `log ${formatVerifierKey(witnessKey.key)}\nquorum none\n`,
    [policyFile, "if (key.type !== 'ed25519') throw", 'if (false) throw'],
  ],
  [
    'an unknown line',
    `${log}unknown line\nquorum none\n`,
    [policyFile, "throw refuse(number, 'expected log, witness, group or quorum');", ''],
  ],
  [
    'a word behind the quorum',
    `${log}quorum none extra\n`,
    [policyFile, 'if (name === undefined || more.length > 0) throw', 'if (name === undefined) throw'],
  ],
];
testEach(
  policies.map(([name, policy, ...guard]) => ({
    name: `a policy with ${name}`,
    attempt: ({ parsePolicy }: Library) => parsePolicy(sha256Into, policy),
    code: 'bad-policy',
    guard,
  })),
);
