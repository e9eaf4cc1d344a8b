import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Assertion } from '@counterfoil/vocabulary/protocol';
import { type Answer, ORIGIN, Passkey } from '../../tests/_passkey.ts';
import { AssertionError, passkeyOf, verifyAssertion } from './assertion.ts';

const challenge = createHash('sha256').update('what is approved').digest();
const nonce = new Uint8Array(32);
const passkey = new Passkey();

/** The check that fails, or null. */
function failing(assertion: Assertion, publicKey = passkey.publicKey): string | null {
  try {
    verifyAssertion(assertion, { publicKey, challenge, origin: ORIGIN });
    return null;
  } catch (error) {
    if (error instanceof AssertionError) return error.check;
    throw error;
  }
}

const answered = (answer: Answer): string | null => failing(passkey.answer(challenge, nonce, answer));

for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
  test(`${algorithm}: a passkey's answer holds, its counter is read, and another key's does not`, () => {
    const own = new Passkey(algorithm);
    const assertion = own.answer(challenge, nonce, { counter: 0x01020304 });
    const expected = { publicKey: own.publicKey, challenge, origin: ORIGIN };
    assert.equal(verifyAssertion(assertion, expected), 0x01020304);
    assert.equal(failing(assertion, new Passkey(algorithm).publicKey), 'signature');
  });
}

// Each is signed by the right key: only the named check stands between it and an approval.
const wrong: readonly (readonly [check: string, what: string, answer: Answer])[] = [
  ['origin', 'another origin', { origin: 'http://localhost:7332' }],
  ['origin', 'an origin that only begins alike', { origin: `${ORIGIN}.evil.example` }],
  ['origin', 'https for http', { origin: 'https://localhost:7331' }],
  ['origin', 'a frame of another page', { client: { crossOrigin: true } }],
  ['origin', 'a page under another top page', { client: { topOrigin: 'https://evil.example' } }],
  ['rp-id', 'another rp id', { rpId: 'evil.example' }],
  ['challenge', 'another challenge', { client: { challenge: Buffer.alloc(32).toString('base64url') } }],
  ['challenge', 'the challenge in base64', { client: { challenge: challenge.toString('base64') } }],
  ['challenge', 'no challenge', { client: { challenge: undefined } }],
  ['type', 'a registration', { type: 'webauthn.create' }],
  ['user-present', 'no user present', { flags: 0x04 }],
  ['user-verified', 'no user verified', { flags: 0x01 }],
  ['authenticator-data', 'a credential in it', { flags: 0x45 }],
  ['authenticator-data', 'backed up but not eligible', { flags: 0x15 }],
  ['authenticator-data', 'extensions that are not there', { flags: 0x85 }],
  ['authenticator-data', 'bytes that nothing announces', { more: new Uint8Array(1) }],
];

for (const [check, what, answer] of wrong) {
  test(`${what} fails at ${check}`, () => assert.equal(answered(answer), check));
}

test('backup flags that fit, and announced extensions, hold', () => {
  assert.equal(answered({ flags: 0x1d }), null);
  assert.equal(answered({ flags: 0x85, more: Uint8Array.of(0xa0) }), null);
});

test('every bit of data, client data and signature matters', () => {
  const whole = passkey.answer(challenge, nonce);
  assert.equal(failing(whole), null);
  for (const part of ['authenticatorData', 'clientDataJson', 'signature'] as const) {
    for (let bit = 0; bit < whole[part].length * 8; bit += 3) {
      const bytes = Buffer.from(whole[part]);
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      assert.notEqual(failing({ ...whole, [part]: bytes }), null, `${part} bit ${bit}`);
    }
  }
});

test('client data that is no object, no UTF-8 or no JSON is refused', () => {
  for (const text of ['[]', 'null', '1', '{', '{}{}', '\ufffd'.repeat(3)])
    assert.notEqual(
      failing({ ...passkey.answer(challenge, nonce), clientDataJson: Buffer.from(text) }),
      null,
    );
  const latin = Buffer.from([0x7b, 0xff, 0x7d]);
  assert.equal(failing({ ...passkey.answer(challenge, nonce), clientDataJson: latin }), 'client-data');
});

test('keys that no passkey has are refused', () => {
  const spki = (pair: { publicKey: { export(o: { type: 'spki'; format: 'der' }): Buffer } }): Buffer =>
    pair.publicKey.export({ type: 'spki', format: 'der' });
  const refused = [
    spki(generateKeyPairSync('ec', { namedCurve: 'P-384' })),
    spki(generateKeyPairSync('ec', { namedCurve: 'secp256k1' })),
    spki(generateKeyPairSync('rsa', { modulusLength: 1_024 })),
    spki(generateKeyPairSync('rsa', { modulusLength: 2_048, publicExponent: 3 })),
    spki(generateKeyPairSync('x25519')),
    spki(generateKeyPairSync('ed448')),
    Buffer.alloc(91),
  ];
  for (const key of refused) assert.throws(() => passkeyOf(key), { check: 'key' });
});

test('no random bytes are an approval, and none throw anything but a named check', () => {
  for (let i = 0; i < 2_000; i++) {
    const bytes = (least: number): Buffer => randomBytes(least + (i % 64));
    const assertion = {
      credentialId: bytes(1),
      authenticatorData: bytes(i % 40),
      clientDataJson: bytes(2),
      signature: bytes(8),
      nonce,
    };
    assert.notEqual(failing(assertion), null);
    // Random data under a client data that holds: the later checks are reached too.
    const { clientDataJson } = passkey.answer(challenge, nonce);
    assert.notEqual(failing({ ...assertion, clientDataJson }), null);
  }
});
