import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { StartError } from '@counterfoil/server';
import { newIdentity } from '@counterfoil/wire';
import { addRemotePeer, rememberDoor, remotePeers, removeRemotePeer } from './remote-workers.ts';

const DOOR = '192.0.2.7:7332';

function vaultFor(t: TestContext, hadDoor = true): string {
  const vault = mkdtempSync(join(tmpdir(), 'counterfoil-workers-'));
  t.after(() => rmSync(vault, { recursive: true }));
  const { pin, certificatePem: authorityPem } = newIdentity();
  const installation = '8c8d3a6e-6f0b-4d0e-9c7d-0f3f5a1b2c3d';
  if (hadDoor) rememberDoor(vault, { doorPin: pin, gatePin: pin, installation, authorityPem });
  return vault;
}

function codeOf(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    if (error instanceof StartError) return error.code;
    throw error;
  }
}

test('the private key is in the credentials and nowhere in the data folder', (t) => {
  const vault = vaultFor(t);
  const { keyPem } = JSON.parse(addRemotePeer(vault, 'attic', DOOR)) as { readonly keyPem: string };
  assert.match(keyPem, /PRIVATE KEY/u);
  assert.deepEqual(readdirSync(join(vault, 'workers')), ['attic.pin']);
  assert.match(readFileSync(join(vault, 'workers', 'attic.pin'), 'utf8'), /^[0-9a-f]{64}\n$/u);
});

test('an installation that never had a door makes no credentials for one', (t) => {
  assert.equal(
    codeOf(() => addRemotePeer(vaultFor(t, false), 'attic', DOOR)),
    'worker-door-never',
  );
});

test('names that are none, or taken, and addresses without a port make nothing', (t) => {
  const vault = vaultFor(t);
  addRemotePeer(vault, 'attic', DOOR);
  for (const name of ['', 'Attic', '../attic', '1st', 'a'.repeat(25), 'attic'])
    assert.equal(
      codeOf(() => addRemotePeer(vault, name, DOOR)),
      'worker-name',
      name,
    );
  assert.equal(
    codeOf(() => addRemotePeer(vault, 'cellar', '192.0.2.7')),
    'worker-name',
  );
  assert.deepEqual(
    remotePeers(vault).map(({ name }) => name),
    ['attic'],
  );
});

test('the thirty-second worker is refused, and comes in when another is removed', (t) => {
  const vault = vaultFor(t);
  for (let n = 0; n < 31; n++) addRemotePeer(vault, `w${n}`, DOOR);
  assert.equal(
    codeOf(() => addRemotePeer(vault, 'late', DOOR)),
    'worker-limit',
  );
  removeRemotePeer(vault, 'w7');
  assert.equal(
    codeOf(() => addRemotePeer(vault, 'late', DOOR)),
    null,
  );
  assert.equal(remotePeers(vault).length, 31);
  assert.equal(
    codeOf(() => removeRemotePeer(vault, 'w7')),
    'worker-name',
  );
});
