import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  LogError,
  type Note,
  type VerifierKey,
  cosignatureBlob,
  cosignedMessage,
  formatCheckpoint,
  formatNote,
  formatProofFile,
  formatVerifierKey,
  fromBase64,
  makeVerifierKey,
  openCheckpoint,
  openCosigned,
  parseCheckpoint,
  parseNote,
  parsePolicy,
  parseProofFile,
  parseVerifierKey,
  quorumHolds,
  toBase64,
  utf8,
  verifyNote,
} from '@counterfoil/log';
import { nodePrimitives, sha256Into } from '@counterfoil/log/node';
import { POLICY, logKey, signedBy, testKey, witnessKey } from './_history-log.ts';

const root = new Uint8Array(createHash('sha256').update('root').digest());
const text = formatCheckpoint({ origin: logKey.key.name, size: 7, root });
const own = signedBy(text, logKey);
const decode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const good = decode(formatNote({ text, signatures: [own] }));
const open = (note: string, key: VerifierKey = logKey.key) => openCheckpoint(utf8(note), key, nodePrimitives);

// Group 10: sizes and roots of checkpoints.

test('sizes with a sign, zero, space or over 2^53 − 1, and roots that are no hash, are refused', () => {
  assert.equal(parseCheckpoint(text).size, 7);
  assert.equal(parseCheckpoint(text.replace('\n7\n', '\n9007199254740991\n')).size, Number.MAX_SAFE_INTEGER);
  const sizes = [
    '07',
    '+7',
    '-7',
    ' 7',
    '7 ',
    '',
    '7.0',
    '0x7',
    '9007199254740992',
    '9223372036854775808',
    '18446744073709551616',
  ];
  for (const size of sizes) {
    assert.throws(() => parseCheckpoint(text.replace('\n7\n', `\n${size}\n`)), { code: 'bad-number' }, size);
  }
  const short = text.replace(toBase64(root), toBase64(root.subarray(1)));
  assert.throws(() => parseCheckpoint(short), { code: 'bad-hash-length' });
  for (const bad of [
    '',
    'origin\n',
    'origin\n7\n',
    `\n7\n${toBase64(root)}\n`,
    text.slice(0, -1),
    `${text}extension\n`,
  ]) {
    assert.throws(() => parseCheckpoint(bad), LogError, JSON.stringify(bad));
  }
});

// Group 11: notes.

test('a note is one form of bytes: line ends, dashes, blank lines, base64 and keys that vary are refused', () => {
  assert.equal(open(good).size, 7);
  const attacks: [string, string][] = [
    [good.replaceAll('\n', '\r\n'), 'bad-note'],
    [good.slice(0, -1), 'bad-note'],
    [good.replace('—', '-'), 'bad-note'],
    [good.replace('— ', '—  '), 'bad-note'],
    [good.replace('\n\n', '\n'), 'bad-note'],
    [good.replace('\n\n', '\n\n\n'), 'bad-signature'],
    [`${good}\n`, 'bad-note'],
    [good.replace(/=\n$/, '\n'), 'bad-base64'],
    [`\u0001${good}`, 'bad-note'],
    [good.replace(logKey.key.name, `${logKey.key.name}/evil`), 'bad-signature'],
  ];
  for (const [attack, code] of attacks) assert.throws(() => open(attack), { code }, JSON.stringify(attack));
  assert.throws(() => parseNote(new Uint8Array([0xff, 0x0a, 0x0a])), { code: 'bad-note' });
  assert.throws(() => parseNote(new Uint8Array(70_000)), { code: 'bad-note' });
});

test('base64 whose unused bits are set is refused here and read as the same bytes by a lenient decoder', () => {
  assert.deepEqual([...fromBase64('AQ==')], [1]);
  assert.deepEqual([...Buffer.from('AR==', 'base64')], [1], 'two texts for one signature');
  assert.throws(() => fromBase64('AR=='), { code: 'bad-base64' });
  for (const bad of ['A', 'AA', 'AAA', 'AA=A', '====', 'A===', 'AQ= =', 'AQ==\n', 'A-_=']) {
    assert.throws(() => fromBase64(bad), { code: 'bad-base64' }, bad);
  }
});

test('a bad signature of a known key spoils the note wherever it stands; without that rule a good one would hide it', () => {
  const broken = { ...own, blob: own.blob.map((byte, i) => (i === 5 ? byte ^ 1 : byte)) };
  for (const signatures of [
    [broken, own],
    [own, broken],
  ]) {
    assert.throws(() => verifyNote({ text, signatures }, [logKey.key], nodePrimitives), {
      code: 'bad-signature',
    });
    const lenient = signatures.filter((line) => line !== broken);
    assert.equal(verifyNote({ text, signatures: lenient }, [logKey.key], nodePrimitives).length, 1);
  }
  assert.equal(
    verifyNote({ text, signatures: [own, own] }, [logKey.key], nodePrimitives).length,
    1,
    'a repeat counts once',
  );
});

test('unknown keys are ignored, and a note of unknown keys alone is refused', () => {
  const stranger = testKey('stranger', 'ed25519');
  const both: Note = { text, signatures: [signedBy(text, stranger), own] };
  assert.equal(verifyNote(both, [logKey.key], nodePrimitives).length, 1);
  const alone: Note = { text, signatures: [signedBy(text, stranger)] };
  assert.throws(() => verifyNote(alone, [logKey.key], nodePrimitives), { code: 'unknown-signer' });
  const many = Array.from({ length: 100 }, () => signedBy(text, stranger));
  assert.equal(
    verifyNote(
      parseNote(formatNote({ text, signatures: [...many.slice(1), own] })),
      [logKey.key],
      nodePrimitives,
    ).length,
    1,
  );
  assert.throws(() => parseNote(formatNote({ text, signatures: [...many, own] })), { code: 'bad-note' });
});

test('another key under the same name, or with the same four bytes of id, signs nothing', () => {
  const other = sameName();
  const forged = decode(formatNote({ text, signatures: [signedBy(text, other)] }));
  assert.throws(() => open(forged), { code: 'unknown-signer' });
  // The id is four bytes: one that is ground out to collide leads to the known key, whose check then fails.
  const collided = { ...signedBy(text, other), keyId: logKey.key.id };
  const note = decode(formatNote({ text, signatures: [collided] }));
  assert.throws(() => open(note), { code: 'bad-signature' });
});

function sameName() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
  return { key: makeVerifierKey(sha256Into, logKey.key.name, 'ed25519', raw), secret: privateKey };
}

test('key names with a space, a plus or nothing, and verifier keys with a wrong id, are refused', () => {
  for (const name of ['', 'a b', 'a+b', 'a\u2003b', 'a\nb', 'a\u00a0b', 'x'.repeat(256)]) {
    assert.throws(
      () => makeVerifierKey(sha256Into, name, 'ed25519', root),
      { code: 'bad-verifier-key' },
      name,
    );
  }
  const vkey = formatVerifierKey(logKey.key);
  assert.deepEqual(parseVerifierKey(sha256Into, vkey), logKey.key);
  for (const bad of [
    vkey.replace(/\+(.)/, '+0'),
    vkey.slice(0, -4),
    `${vkey}AAAA`,
    vkey.replace('+', ''),
    '',
  ]) {
    if (bad !== vkey) assert.throws(() => parseVerifierKey(sha256Into, bad), LogError, bad);
  }
});

// Group 12: cosignatures used for what they were not made for.

test('a cosignature does not move: to another tree, origin, time, name or type', () => {
  const time = 1_767_225_600;
  const cosigned = signedBy(text, witnessKey, time);
  const verify = (note: Note, key: VerifierKey = witnessKey.key) => verifyNote(note, [key], nodePrimitives);
  assert.equal(verify({ text, signatures: [cosigned] })[0]?.time, time);
  const otherTree = formatCheckpoint({ origin: logKey.key.name, size: 8, root });
  const otherOrigin = formatCheckpoint({ origin: 'other/log', size: 7, root });
  for (const moved of [otherTree, otherOrigin]) {
    assert.throws(() => verify({ text: moved, signatures: [cosigned] }), { code: 'bad-signature' });
  }
  const later = { ...cosigned, blob: cosignatureBlob(time + 1, cosigned.blob.subarray(8)) };
  assert.throws(() => verify({ text, signatures: [later] }), { code: 'bad-signature' });
  // The 0x04 message does not commit to the cosigner's name, so one key under two names is the policy's to refuse.
  const renamed = makeVerifierKey(sha256Into, 'w2.example', 'cosignatureEd25519', witnessKey.key.publicKey);
  assert.equal(
    verify({ text, signatures: [{ ...cosigned, name: renamed.name, keyId: renamed.id }] }, renamed).length,
    1,
  );
  const policy = `${POLICY.split('quorum')[0]}witness w2 ${formatVerifierKey(renamed)}\ngroup g 2 w1 w2\nquorum g\n`;
  assert.throws(() => parsePolicy(sha256Into, policy), { code: 'bad-policy', message: /witness key twice/ });
  const asPlain = makeVerifierKey(sha256Into, witnessKey.key.name, 'ed25519', witnessKey.key.publicKey);
  const plain = { name: asPlain.name, keyId: asPlain.id, blob: cosigned.blob.subarray(8) };
  assert.throws(() => verify({ text, signatures: [plain] }, asPlain), { code: 'bad-signature' });
});

test('cosignature times of zero and beyond exact numbers, and blobs of other lengths, are refused', () => {
  const blobAt = (time: bigint): Uint8Array => {
    const blob = new Uint8Array(72);
    new DataView(blob.buffer).setBigUint64(0, time);
    blob.set(sign(null, cosignedMessage(witnessKey.key, text, Number(time)), witnessKey.secret), 8);
    return blob;
  };
  const verify = (blob: Uint8Array) =>
    verifyNote(
      { text, signatures: [{ name: witnessKey.key.name, keyId: witnessKey.key.id, blob }] },
      [witnessKey.key],
      nodePrimitives,
    );
  assert.equal(verify(blobAt(1n)).length, 1);
  for (const blob of [
    blobAt(0n),
    blobAt(2n ** 63n),
    blobAt(2n ** 64n - 1n),
    blobAt(1n).subarray(1),
    new Uint8Array(73),
  ]) {
    assert.throws(() => verify(blob), { code: 'bad-signature' });
  }
});

// Group 14: quorums.

test('a quorum counts operators, not signatures: one short, one invalid or one twice is not enough', () => {
  const witnesses = ['a', 'b', 'c'].map((name) => testKey(`${name}.example`, 'cosignatureEd25519'));
  const lines = witnesses.map(({ key }, i) => `witness ${'abc'[i]} ${formatVerifierKey(key)}\n`).join('');
  const log = `log ${formatVerifierKey(logKey.key)}\n`;
  const policy = parsePolicy(sha256Into, `${log}${lines}group two 2 a b c\nquorum two\n`);
  const cosign = (...signers: typeof witnesses) =>
    openCosigned(
      formatNote({ text, signatures: [own, ...signers.map((signer) => signedBy(text, signer, 5))] }),
      policy,
      nodePrimitives,
    );
  const [a, b, c] = witnesses;
  assert.ok(a && b && c);
  assert.deepEqual([...cosign(a, c).times.keys()], ['a', 'c']);
  assert.throws(() => cosign(a), { code: 'quorum-missing' });
  assert.throws(() => cosign(a, a), { code: 'quorum-missing' });
  const broken = signedBy(text, b, 5);
  broken.blob[20] = (broken.blob[20] ?? 0) ^ 1;
  const note = formatNote({ text, signatures: [own, signedBy(text, a, 5), broken] });
  assert.throws(() => openCosigned(note, policy, nodePrimitives), { code: 'bad-signature' });
  const withoutLog = formatNote({ text, signatures: [signedBy(text, a, 5), signedBy(text, b, 5)] });
  assert.throws(() => openCosigned(withoutLog, policy, nodePrimitives), { code: 'unknown-signer' });
  // The same note under a policy that asks for nobody: the quorum is what refuses it.
  const nobody = parsePolicy(sha256Into, `${log}${lines}quorum none\n`);
  assert.equal(openCosigned(formatNote({ text, signatures: [own] }), nobody, nodePrimitives).size, 7);
});

test("the specification's nested quorum holds as written", () => {
  const names = ['x1', 'x2', 'x3', 'y1', 'y2', 'y3'];
  const lines = names.map(
    (name) =>
      `witness ${name} ${formatVerifierKey(testKey(name, 'cosignatureEd25519').key)} https://${name}.example\n`,
  );
  const policy = parsePolicy(
    sha256Into,
    `# two of X, any of Y\nlog ${formatVerifierKey(logKey.key)}\n${lines.join('')}\tgroup  X 2 x1 x2 x3\ngroup Y any y1 y2 y3\n\ngroup both all X Y\nquorum both\n`,
  );
  const holds = (...signed: string[]): boolean => quorumHolds(policy, new Set(signed));
  assert.ok(holds('x1', 'x3', 'y2'));
  assert.ok(!holds('x1', 'y1', 'y2', 'y3'));
  assert.ok(!holds('x1', 'x2', 'x3'));
});

test('a policy with a double key, name, member or quorum, or an unknown one, is refused', () => {
  const log = `log ${formatVerifierKey(logKey.key)}\n`;
  const witness = `witness w1 ${formatVerifierKey(witnessKey.key)}\n`;
  const attacks = [
    log,
    `${log}quorum none\nquorum none\n`,
    `${log}quorum w1\n`,
    `${log}quorum w1\n${witness}`,
    `${log}${log}quorum none\n`,
    `${log}${witness}${witness}quorum w1\n`,
    `${log}${witness}group g 2 w1\nquorum g\n`,
    `${log}${witness}group g 0 w1\nquorum g\n`,
    `${log}${witness}group g any\nquorum g\n`,
    `${log}${witness}group g 2 w1 w1\nquorum g\n`,
    `${log}${witness}group g any w1\ngroup h any w1\nquorum h\n`,
    `${log}${witness}group none any w1\nquorum none\n`,
    `${log}witness w1 ${formatVerifierKey(logKey.key)}\nquorum w1\n`,
    `log ${formatVerifierKey(witnessKey.key)}\nquorum none\n`,
    `${log}unknown line\nquorum none\n`,
    `${log}quorum none extra\n`,
  ];
  for (const attack of attacks)
    assert.throws(() => parsePolicy(sha256Into, attack), { code: 'bad-policy' }, attack);
});

// Group 16: tlog-proof files.

test('a proof file is one form of bytes, and its extra data proves nothing', () => {
  const [h1, h2] = ['hash1', 'hash2'].map(
    (name) => new Uint8Array(createHash('sha256').update(name).digest()),
  );
  assert.ok(h1 && h2);
  const file = decode(
    formatProofFile({ extra: undefined, index: 5, inclusion: [h1, h2], checkpoint: utf8(good) }),
  );
  assert.equal(file, `c2sp.org/tlog-proof@v1\nindex 5\n${toBase64(h1)}\n${toBase64(h2)}\n\n${good}`);
  assert.deepEqual(parseProofFile(utf8(file)).inclusion, [h1, h2]);
  const attacks = [
    file.replace('@v1', '@v2'),
    file.replace('index 5', 'index -5'),
    file.replace('index 5', 'index 05'),
    file.replace('index 5', 'index notanumber'),
    file.replace('index 5\n', ''),
    file.replace('\n\n', '\n'),
    file.replaceAll('\n', '\r\n'),
    file.replace('index', 'extra AAAA\nextra AAAA\nindex'),
    file.replace('index', 'extra A\nindex'),
    file.replace(toBase64(h1), 'not base64'),
    file.replace(toBase64(h1), toBase64(new Uint8Array(64))),
    file.replace(toBase64(h1), 'A'.repeat(65_536)),
    file.slice(0, file.indexOf('\n\n') + 2),
    file.replace(`${toBase64(h1)}\n`, `${toBase64(h1)}\n`.repeat(64)),
  ];
  for (const attack of attacks)
    assert.throws(() => parseProofFile(utf8(attack)), LogError, attack.slice(0, 80));
});

test('every parser reads what its formatter wrote, and refuses garbage only with its own error', () => {
  const parsers: ((bytes: Uint8Array) => unknown)[] = [
    parseNote,
    parseProofFile,
    (bytes) => parseCheckpoint(decode(bytes)),
    (bytes) => parsePolicy(sha256Into, decode(bytes)),
    (bytes) => parseVerifierKey(sha256Into, decode(bytes)),
    (bytes) => fromBase64(decode(bytes)),
  ];
  const seeds = [
    good,
    POLICY,
    formatVerifierKey(logKey.key),
    decode(formatProofFile({ extra: root, index: 1, inclusion: [root], checkpoint: utf8(good) })),
  ];
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 2 }))
    .map(([seed, where, byte, how]) => {
      const bytes = utf8(seed);
      const at = where % bytes.length;
      if (how === 0) return bytes.with(at, byte);
      return how === 1
        ? new Uint8Array([...bytes.slice(0, at), ...bytes.slice(at + 1)])
        : new Uint8Array([...bytes.slice(0, at), byte, ...bytes.slice(at)]);
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (bytes) => {
      for (const parse of parsers) {
        try {
          parse(bytes);
        } catch (error) {
          assert.ok(error instanceof LogError, String(error));
        }
      }
    }),
    { numRuns: 3_000 },
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) =>
      assert.deepEqual(fromBase64(toBase64(bytes)), bytes),
    ),
  );
});
