import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { identityOf, newIdentity, pinOf } from './certificate.ts';

/** Test key of RFC 8410, section 10.3. */
const key = createPrivateKey(
  '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n',
);

test('a certificate is read by Node and is signed by its own key', () => {
  const identity = identityOf(key);
  const certificate = new X509Certificate(identity.certificatePem);
  assert.equal(certificate.verify(certificate.publicKey), true);
  assert.equal(certificate.checkIssued(certificate), true);
  assert.equal(certificate.subject, 'CN=counterfoil peer');
  assert.equal(pinOf(certificate.publicKey), identity.pin);
  const spki = certificate.publicKey.export({ type: 'spki', format: 'der' });
  assert.equal(identity.pin, createHash('sha256').update(spki).digest('hex'));
  assert.ok(Date.parse(certificate.validTo) > Date.parse('2049-01-01'));
});

test('a certificate is a function of its key alone', () => {
  assert.equal(identityOf(key).certificatePem, identityOf(key).certificatePem);
  assert.notEqual(newIdentity().pin, newIdentity().pin);
});

test('serial numbers are positive and of sixteen bytes, whatever the key', () => {
  for (let round = 0; round < 200; round++) {
    const { serialNumber } = new X509Certificate(newIdentity().certificatePem);
    assert.match(serialNumber, /^[4-7][0-9A-F]{31}$/u);
  }
});

test('a changed byte of a certificate breaks its signature or its form', () => {
  const der = new X509Certificate(identityOf(key).certificatePem).raw;
  const accepted: number[] = [];
  for (let at = 0; at < der.length; at++) {
    const changed = Buffer.from(der);
    changed[at] = (changed[at] ?? 0) ^ 1;
    try {
      const certificate = new X509Certificate(changed);
      if (certificate.verify(certificate.publicKey) && pinOf(certificate.publicKey) === identityOf(key).pin)
        accepted.push(at);
    } catch {
      // No certificate any more.
    }
  }
  assert.deepEqual(accepted, []);
});

test('openssl reads the same certificate', (t) => {
  let text: string;
  try {
    text = execFileSync('openssl', ['x509', '-noout', '-text'], {
      input: identityOf(key).certificatePem,
      encoding: 'utf8',
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return t.diagnostic('there is no openssl on this machine: Node’s reading stands alone');
  }
  assert.match(text, /Version: 3 \(0x2\)/u);
  assert.match(text, /Signature Algorithm: ED25519/iu);
  assert.match(text, /Subject: CN ?= ?counterfoil peer/u);
});
