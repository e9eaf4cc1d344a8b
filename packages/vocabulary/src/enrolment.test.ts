import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import {
  EnrolmentError,
  type SealedSecret,
  decodeBlob,
  decodeSecret,
  encodeBlob,
  encodeSecret,
  sealAad,
  sealInfo,
  vaultKeyBytes,
  viewInfo,
} from './enrolment.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const secret: SealedSecret = {
  type: 'hmac',
  apiKeyId: ascii('KKKKKKKK'),
  secret: ascii('sssss'),
  viewRecipient: new Uint8Array(32).fill(9),
};
const nonce = new Uint8Array(16).fill(1);

interface Vectors {
  readonly about: string;
  readonly bytes: Readonly<Record<string, string>>;
}
const { bytes: vectors } = JSON.parse(
  readFileSync(new URL('../../../vectors/seal/enrolment.json', import.meta.url), 'utf8'),
) as Vectors;

test('every part of an enrolment has the bytes of its vector', () => {
  const blob = { nonce, encapsulated: new Uint8Array(32).fill(2), ciphertext: new Uint8Array(20).fill(3) };
  const made = {
    info: sealInfo('0011223344556677'),
    viewInfo: viewInfo('0011223344556677'),
    aad: sealAad({ user: 'alice', venue: 'paper', label: 'm\u00fcnze', nonce }),
    secret: encodeSecret(secret),
    blob: encodeBlob({ ...blob, suite: 'x25519' }),
    blobP256: encodeBlob({ ...blob, suite: 'p256', encapsulated: new Uint8Array(65).fill(2) }),
    vaultKeys: vaultKeyBytes({
      identity: new Uint8Array(44).fill(4),
      x25519: new Uint8Array(32).fill(5),
      p256: new Uint8Array(65).fill(6),
    }),
  };
  assert.deepEqual(
    Object.fromEntries(Object.entries(made).map(([name, bytes]) => [name, hexOf(bytes)])),
    vectors,
  );
});

test('no two contexts have the same associated data, wherever their texts are cut', () => {
  const cuts = ['ab|c|d', 'a|bc|d', 'a|b|cd', '|abc|d', 'abcd||'].map((text) => text.split('|'));
  const all = cuts.map(([user = '', venue = '', label = '']) =>
    hexOf(sealAad({ user, venue, label, nonce })),
  );
  assert.equal(new Set(all).size, all.length);
});

test('a secret comes back as it was, in views that wipe with the whole', () => {
  const bytes = encodeSecret(secret);
  const read = decodeSecret(bytes);
  assert.deepEqual(read, secret);
  bytes.fill(0);
  assert.ok(read.secret.every((byte) => byte === 0) && read.apiKeyId.every((byte) => byte === 0));
});

test('a secret that the reader would refuse is not written', () => {
  const wrong: readonly SealedSecret[] = [
    { ...secret, apiKeyId: ascii('short') },
    { ...secret, apiKeyId: ascii('with a space') },
    { ...secret, apiKeyId: new Uint8Array(129).fill(0x41) },
    { ...secret, secret: new Uint8Array(0) },
    { ...secret, secret: new Uint8Array(3_073) },
    { ...secret, viewRecipient: new Uint8Array(31) },
    { ...secret, viewRecipient: new Uint8Array(33) },
  ];
  for (const value of wrong) assert.throws(() => encodeSecret(value), EnrolmentError);
});

for (const [name, whole, decode] of [
  ['secrets', encodeSecret(secret), decodeSecret],
  [
    'blobs',
    encodeBlob({ suite: 'x25519', nonce, encapsulated: new Uint8Array(32), ciphertext: nonce }),
    decodeBlob,
  ],
] as const) {
  test(`20000 broken ${name} are read or refused by name`, () => {
    let seed = 20_260_102;
    const next = (): number => (seed = (seed * 48_271) % 2_147_483_647);
    let read = 0;
    for (let round = 0; round < 20_000; round++) {
      const bytes = whole.slice(0, next() % 3 === 0 ? next() % (whole.length + 1) : whole.length);
      if (bytes.length > 0) bytes[next() % bytes.length] = next() & 0xff;
      try {
        decode(bytes);
        read += 1;
      } catch (error) {
        assert.ok(error instanceof EnrolmentError, String(error));
      }
    }
    assert.ok(read > 100 && read < 20_000, `${read} were read`);
  });
}
