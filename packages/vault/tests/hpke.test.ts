import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import {
  AEAD_AES_256_GCM,
  CipherSuite,
  KDF_HKDF_SHA256,
  KEM_DHKEM_P256_HKDF_SHA256,
  KEM_DHKEM_X25519_HKDF_SHA256,
} from 'hpke';
import { type SealSuite, sealSuites } from '@counterfoil/vocabulary';
import { hpkeOpen, hpkeSeal, rawPublic, sharedSecret } from '../src/gate/hpke.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const peers: Readonly<Record<SealSuite, CipherSuite>> = {
  x25519: new CipherSuite(KEM_DHKEM_X25519_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM),
  p256: new CipherSuite(KEM_DHKEM_P256_HKDF_SHA256, KDF_HKDF_SHA256, AEAD_AES_256_GCM),
};
const info = Buffer.from('info');
const aad = Buffer.from('aad');

// RFC 9180, A.1.1 and A.3.1: recipient's private key, encapsulated key, shared secret.
const rfc = [
  {
    suite: 'x25519',
    head: '302e020100300506032b656e04220420',
    scalar: '4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8',
    spkiHead: '302a300506032b656e032100',
    encapsulated: '37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431',
    shared: 'fe0e18c9f024ce43799ae393c7e8fe8fce9d218875e8227b0187c04e7d2ea1fc',
  },
  {
    suite: 'p256',
    head: '3041020100301306072a8648ce3d020106082a8648ce3d030107042730250201010420',
    scalar: 'f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2',
    spkiHead: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
    encapsulated:
      '04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c403ce65c9bfcb9382657222d18c4',
    shared: 'c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8',
  },
] as const;

for (const { suite, head, scalar, spkiHead, encapsulated, shared } of rfc) {
  test(`the shared secret of RFC 9180 over ${suite} is the one in its appendix`, () => {
    const privateKey = createPrivateKey({ key: hex(head + scalar), format: 'der', type: 'pkcs8' });
    const publicKey = createPublicKey({ key: hex(spkiHead + encapsulated), format: 'der', type: 'spki' });
    const context = Buffer.concat([hex(encapsulated), rawPublic(suite, privateKey)]);
    assert.equal(sharedSecret(suite, { privateKey, publicKey }, context).toString('hex'), shared);
  });
}

function pairOf(suite: SealSuite) {
  return suite === 'x25519'
    ? generateKeyPairSync('x25519')
    : generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

for (const suite of ['x25519', 'p256'] as const) {
  test(`what another implementation seals over ${suite} is opened, and nothing with one bit changed`, async () => {
    const { privateKey } = pairOf(suite);
    const peer = peers[suite];
    const recipient = await peer.DeserializePublicKey(rawPublic(suite, privateKey));
    const plain = Buffer.from('what nobody else reads');
    const { encapsulatedSecret: encapsulated, ciphertext } = await peer.Seal(recipient, plain, { info, aad });
    assert.deepEqual(hpkeOpen(privateKey, { suite, encapsulated, ciphertext }, info, aad), plain);
    const parts = { encapsulated, ciphertext, info, aad };
    for (const [name, part] of Object.entries(parts)) {
      for (let bit = 0; bit < part.length * 8; bit++) {
        // X25519 ignores the highest bit of a public key (RFC 7748), but the key is part of the context.
        const changed = Buffer.from(part);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const all = { ...parts, [name]: changed };
        assert.throws(
          () =>
            hpkeOpen(
              privateKey,
              { suite, encapsulated: all.encapsulated, ciphertext: all.ciphertext },
              all.info,
              all.aad,
            ),
          `${name}, bit ${bit}`,
        );
      }
    }
  });

  test(`bytes that are no ${suite} message are refused, whatever they are`, () => {
    const { privateKey } = pairOf(suite);
    let seed = 1;
    const byte = (): number => (seed = (seed * 48_271) % 2_147_483_647) & 0xff;
    for (let round = 0; round < 2_000; round++) {
      const encapsulated = Buffer.from(Array.from({ length: sealSuites[suite].publicKeyBytes }, byte));
      const ciphertext = Buffer.from(Array.from({ length: byte() % 40 }, byte));
      assert.throws(() => hpkeOpen(privateKey, { suite, encapsulated, ciphertext }, info, aad));
    }
  });
}

test('a point of low order is refused on both sides', () => {
  const { privateKey } = generateKeyPairSync('x25519');
  for (const point of [Buffer.alloc(32), Buffer.concat([Buffer.from([1]), Buffer.alloc(31)])]) {
    assert.throws(() => hpkeSeal(point, Buffer.from('x'), info, aad));
    const sealed = { suite: 'x25519', encapsulated: point, ciphertext: Buffer.alloc(32) } as const;
    assert.throws(() => hpkeOpen(privateKey, sealed, info, aad));
  }
});

test('another implementation opens what is sealed here', async () => {
  const peer = peers.x25519;
  const pair = await peer.GenerateKeyPair();
  const sealed = hpkeSeal(await peer.SerializePublicKey(pair.publicKey), Buffer.from('view'), info, aad);
  const plain = await peer.Open(pair, sealed.subarray(0, 32), sealed.subarray(32), { info, aad });
  assert.equal(Buffer.from(plain).toString(), 'view');
  await assert.rejects(peer.Open(pair, sealed.subarray(0, 32), sealed.subarray(32), { info, aad: info }));
});
