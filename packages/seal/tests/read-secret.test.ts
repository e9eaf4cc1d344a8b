import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { SecretFormError, readSecret } from '@counterfoil/seal';

const pairs = {
  rsa: generateKeyPairSync('rsa', { modulusLength: 2_048 }),
  ed25519: generateKeyPairSync('ed25519'),
};

test('an API secret is taken without the white space around it, and what was pasted is zeros', () => {
  for (const bytes of [Buffer.from('  Abc/123+= \n'), new TextEncoder().encode('\tAbc/123+=\r\n')]) {
    const { type, secret } = readSecret(bytes);
    assert.equal(type, 'hmac');
    assert.equal(Buffer.from(secret).toString(), 'Abc/123+=');
    assert.ok(bytes.every((byte) => byte === 0));
  }
});

for (const [type, { privateKey }] of Object.entries(pairs)) {
  test(`a private ${type} key in PEM is its PKCS #8 bytes, however its lines are broken`, () => {
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const der = privateKey.export({ type: 'pkcs8', format: 'der' });
    for (const text of [pem, pem.replaceAll('\n', '\r\n'), `\n ${pem} \n`]) {
      const read = readSecret(Buffer.from(text));
      assert.equal(read.type, type);
      assert.deepEqual(Buffer.from(read.secret), der);
    }
  });
}

test('what is no secret is refused with a sentence that does not repeat it', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  const wrong = {
    'a public key': pairs.rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    'a key with a password': pairs.rsa.privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })
      .toString(),
    'PKCS #1': pairs.rsa.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    'an elliptic curve': ec.export({ type: 'pkcs8', format: 'pem' }).toString(),
    nothing: ' \n',
    'two lines': 'first\nsecond',
    'two words': 'first second',
    'another alphabet': 'sécret',
    'no base64': '-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----',
  };
  for (const [name, text] of Object.entries(wrong)) {
    assert.throws(
      () => readSecret(Buffer.from(text)),
      (error) =>
        error instanceof SecretFormError &&
        !error.message.includes(text.trim().slice(0, 40) || 'x'.repeat(99)),
      name,
    );
  }
});

test('5000 random pastes are read or refused, and leave nothing behind', () => {
  let seed = 7;
  const next = (): number => (seed = (seed * 48_271) % 2_147_483_647);
  const pem = pairs.ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (let round = 0; round < 5_000; round++) {
    const bytes = round % 2 === 0 ? Buffer.from(pem) : Buffer.alloc(1 + (next() % 80), next());
    for (let changes = next() % 4; changes > 0; changes--) bytes[next() % bytes.length] = next() & 0xff;
    try {
      readSecret(bytes);
    } catch (error) {
      assert.ok(error instanceof SecretFormError, String(error));
    }
    assert.ok(bytes.every((byte) => byte === 0));
  }
});
