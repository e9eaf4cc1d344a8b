import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { browserPrimitives } from '@counterfoil/log/browser';
import {
  LogError,
  type Primitives,
  chainTag,
  decodeControlLeaf,
  deriveChainKeys,
  encodeControlLeaf,
  openLeaf,
  parseLeaf,
  sealLeaf,
  utf8,
} from '@counterfoil/log';
import { nodePrimitives } from '@counterfoil/log/node';

const keys = deriveChainKeys(nodePrimitives, new Uint8Array(32).fill(5));
const seal = (seq: number, payload: Uint8Array, with_: Primitives = nodePrimitives): Uint8Array =>
  sealLeaf(with_, keys, chainTag(with_, keys, seq), seq, payload);

test('every payload up to 242 bytes seals to 340 and opens again; 243 are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 242 }), fc.integer({ min: 1, max: 2 ** 40 }), (payload, seq) => {
      const entry = seal(seq, payload);
      assert.equal(entry.length, 340);
      assert.deepEqual(openLeaf(nodePrimitives, keys, parseLeaf(entry), seq), payload);
    }),
  );
  assert.throws(() => seal(1, new Uint8Array(243)), { code: 'payload-too-long' });
});

test('the browser seals the same bytes as Node, and opens them', () => {
  for (const [seq, text] of ['', 'a', 'x'.repeat(242)].entries()) {
    const entry = seal(seq + 1, utf8(text));
    assert.deepEqual(seal(seq + 1, utf8(text), browserPrimitives), entry);
    assert.deepEqual(openLeaf(browserPrimitives, keys, parseLeaf(entry), seq + 1), utf8(text));
    const broken = parseLeaf(entry.with(339, (entry[339] ?? 0) ^ 1));
    assert.throws(() => openLeaf(browserPrimitives, keys, broken, seq + 1), { code: 'leaf-does-not-open' });
  }
});

test('one flipped bit anywhere in a leaf is refused, and so is another number', () => {
  const entry = seal(9, utf8('sign'));
  for (let bit = 0; bit < 340 * 8; bit += 7) {
    const broken = entry.with(bit >> 3, (entry[bit >> 3] ?? 0) ^ (1 << (bit & 7)));
    assert.throws(() => openLeaf(nodePrimitives, keys, parseLeaf(broken), 9), LogError, `bit ${bit}`);
  }
  assert.throws(() => openLeaf(nodePrimitives, keys, parseLeaf(entry), 10), { code: 'commitment-differs' });
});

test('a number that is used twice after a restore does not repeat a nonce; a nonce from the number alone would', () => {
  const [first, second] = ['buy 1', 'sell 2'].map((text) => seal(7, utf8(text)));
  assert.ok(first && second);
  const nonce = (entry: Uint8Array): string => Buffer.from(entry.subarray(68, 80)).toString('hex');
  assert.notEqual(nonce(first), nonce(second));
  // With one nonce for both, anybody reads the difference of the two payloads off the public bytes.
  const counterNonce = Buffer.alloc(12, 7);
  const [a, b] = ['buy 1 ', 'sell 2'].map((text) =>
    createCipheriv('aes-256-gcm', keys.encryption, counterNonce).update(text),
  );
  assert.ok(a && b);
  const difference = a.map((byte, i) => byte ^ (b[i] ?? 0));
  assert.deepEqual(
    difference,
    Buffer.from('buy 1 ').map((byte, i) => byte ^ (Buffer.from('sell 2')[i] ?? 0)),
  );
});

test('control leaves read back what was written, and refuse other kinds, lines and lengths', () => {
  const leaf = {
    kind: 'loosening',
    fields: [
      ['owner', 'ab12'],
      ['from', '2026-11-21T09:00:00Z'],
    ],
  } as const;
  assert.deepEqual(decodeControlLeaf(encodeControlLeaf(leaf)), leaf);
  const text = (body: string): Uint8Array => Buffer.concat([Uint8Array.of(0x56, 0x43, 1, 0), utf8(body)]);
  for (const bad of [
    '',
    'genesis',
    'unknown\n',
    'genesis\nno-value\n',
    'genesis\nName x\n',
    'genesis\nname \n',
    'genesis\n\n',
  ]) {
    assert.throws(() => decodeControlLeaf(text(bad)), { code: 'bad-leaf' }, JSON.stringify(bad));
  }
  assert.throws(() => decodeControlLeaf(utf8('VL')), { code: 'bad-leaf' });
  assert.throws(() => encodeControlLeaf({ kind: 'owner', fields: [['name', 'two\nlines']] }), {
    code: 'bad-leaf',
  });
  assert.throws(() => encodeControlLeaf({ kind: 'owner', fields: [['name', 'x'.repeat(20_000)]] }), {
    code: 'bad-leaf',
  });
});
