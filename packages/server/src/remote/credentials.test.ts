import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { newIdentity } from '@counterfoil/wire';
import { StartError } from '../start-error.ts';
import { type WorkerCredentials, formatCredentials, parseCredentials } from './credentials.ts';

const worker = newIdentity();
const credentials: WorkerCredentials = {
  name: 'attic',
  door: 'vault.example.org:7332',
  doorPin: 'a'.repeat(64),
  gatePin: 'b'.repeat(64),
  installation: '8c8d3a6e-6f0b-4d0e-9c7d-0f3f5a1b2c3d',
  authorityPem: worker.certificatePem,
  keyPem: worker.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
};
const text = formatCredentials(credentials);

/** The refusal, or null where the text was understood. */
function refusalOf(changed: string): StartError | null {
  try {
    parseCredentials(changed, 'FILE');
    return null;
  } catch (error) {
    assert.ok(error instanceof StartError, String(error));
    assert.equal(error.code, 'worker-credentials');
    return error;
  }
}

const withField = (name: string, value: unknown): string =>
  JSON.stringify({ ...(JSON.parse(text) as object), [name]: value });

test('what was written is read again', () => {
  const { door, identity, ...rest } = parseCredentials(text, 'FILE');
  assert.deepEqual(door, { host: 'vault.example.org', port: 7332 });
  assert.equal(identity.pin, worker.pin);
  const { name, doorPin, gatePin, installation, authorityPem } = credentials;
  assert.deepEqual(rest, { name, doorPin, gatePin, installation, authorityPem });
});

test('a file without a field, or with something else in it, is refused', () => {
  for (const name of ['form', ...Object.keys(credentials)]) {
    for (const value of [undefined, null, '', 2, {}, 'x'])
      if (!(name === 'name' && value === 'x'))
        assert.ok(refusalOf(withField(name, value)), `${name}: ${JSON.stringify(value) ?? 'absent'}`);
  }
  assert.equal(refusalOf(withField('name', 'x')), null, 'a short name is one');
});

test('a file of a later form is refused, also where all else is as today', () => {
  assert.ok(refusalOf(withField('form', 2)));
});

test('no bytes make the reader do anything but refuse, and a refusal never repeats them', () => {
  const changed = fc
    .tuple(fc.nat(text.length - 1), fc.nat(40), fc.string())
    .map(([at, gone, put]) => text.slice(0, at) + put + text.slice(at + gone));
  const secret = credentials.keyPem.split('\n')[1] ?? '';
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), changed), (bytes) => {
      const refused = refusalOf(bytes);
      if (refused !== null)
        assert.ok(!refused.sentence.includes(secret) && !refused.message.includes(secret));
    }),
    { numRuns: 2_000 },
  );
});
