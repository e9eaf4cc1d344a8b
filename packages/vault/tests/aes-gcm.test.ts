import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createCipheriv, createDecipheriv, generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gcmOpen, gcmSeal } from '../src/gate/aes-gcm.ts';
import { countInMemory } from './_memory.ts';

const TAG = 16;

test('what is opened and sealed is what Node’s own cipher opens and seals, at every length', () => {
  for (let length = 0; length < 300; length++) {
    const [key, nonce, aad] = [randomBytes(32), randomBytes(12), randomBytes(randomInt(40))];
    const plain = randomBytes(length);
    const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad);
    const theirs = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    assert.deepEqual(gcmSeal(key, nonce, aad, plain), theirs);
    assert.deepEqual(gcmOpen(key, nonce, aad, theirs), plain);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG }).setAAD(aad);
    decipher.setAuthTag(theirs.subarray(length));
    assert.deepEqual(Buffer.concat([decipher.update(theirs.subarray(0, length)), decipher.final()]), plain);
  }
});

test('nothing is opened after one byte of key, nonce, data, cipher text or tag was changed, or one is missing', () => {
  const parts = [randomBytes(32), randomBytes(12), randomBytes(9)] as const;
  const sealed = gcmSeal(...parts, randomBytes(40));
  const refuses = (...[key, nonce, aad, text]: Parameters<typeof gcmOpen>): void => {
    assert.throws(() => gcmOpen(key, nonce, aad, text), /not what was sealed|shorter than its tag/);
  };
  const all = [...parts, sealed] as const;
  for (const part of all)
    for (const [at, byte] of part.entries()) {
      part[at] = byte ^ (1 << randomInt(8));
      refuses(...all);
      part[at] = byte;
    }
  for (let length = 0; length < sealed.length; length++) refuses(...parts, sealed.subarray(0, length));
});

/** Of the 1,190 bytes and more that the form of such a key has. */
const [PARTS, PART] = [36, 32];
const OPENED_MAX = 10;

/** Parts of an RSA key's PKCS #8 form that are in memory once it was opened and filled with zeros. */
async function left(t: TestContext, way: 'gate' | 'decipher'): Promise<number> {
  const [key, nonce] = [randomBytes(32), randomBytes(12)];
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  const opener = fileURLToPath(new URL('_opener.ts', import.meta.url));
  const child = spawn(process.execPath, [opener, way], { stdio: ['pipe', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  child.stdin.end(Buffer.concat([key, nonce, gcmSeal(key, nonce, Buffer.alloc(0), privateKey)]));
  await once(child.stdout, 'data');
  // In parts: of what is freed, some is soon written over.
  const parts = Array.from({ length: PARTS }, (_, n) => privateKey.subarray(n * PART, (n + 1) * PART));
  return countInMemory(child.pid ?? 0, parts);
}

test('an opened secret leaves no copy behind; Node’s own decipher would leave one', async (t) => {
  assert.equal(await left(t, 'gate'), 0);
  // What is freed may be written over at once, so that one opening alone proves nothing.
  let copies = 0;
  for (let opened = 0; opened < OPENED_MAX && copies === 0; opened++) copies = await left(t, 'decipher');
  assert.ok(copies > 0);
});
