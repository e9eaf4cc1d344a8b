/** A second passkey for the vault, over the API: enrolled by the first, and enough when the first is lost. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { type Assertion, type Problem, type VaultPasskey, mandateFromText } from '@counterfoil/api';
import { connectionId, userId } from '@counterfoil/vocabulary';
import type { Intent } from '@counterfoil/vocabulary/protocol';
import { Authenticator } from '../packages/server/tests/_authenticator.ts';
import { Passkey } from '../packages/vault/tests/_passkey.ts';
import { Installation } from './_installation.ts';

const run = promisify(execFile);
const cli = join(import.meta.dirname, '../packages/cli/bin/counterfoil.mjs');
const user = userId.parse('demo');
const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

let installation: Installation;
let origin = '';
let cookie = '';
const lost = new Authenticator();

before(async () => {
  installation = await Installation.start('product');
  origin = `http://localhost:${installation.port}`;
  const begun = await send('POST', '/session/registration', { name: 'Ada' });
  const { ceremony, options } = (await begun.json()) as {
    ceremony: string;
    options: Record<string, unknown>;
  };
  const made = await send('POST', '/session/registration/finish', {
    ceremony,
    response: lost.register(options, origin),
  });
  cookie = made.headers.get('set-cookie')?.split(';')[0] ?? '';
});
after(async () => {
  await installation.stop();
  installation.remove();
});

function send(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { origin, cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

interface Signer {
  approve(about: { readonly vaultId: string; readonly nonce: Uint8Array }, intent: Intent): Assertion;
}

const first: Signer = { approve: (about, intent) => lost.approve(about, intent, origin) };
const signerOf = (passkey: Passkey): Signer => ({
  approve: (about, intent) => {
    const made = passkey.approve(about, intent, { origin });
    return {
      credentialId: base64url(made.credentialId),
      authenticatorData: base64url(made.authenticatorData),
      clientDataJson: base64url(made.clientDataJson),
      signature: base64url(made.signature),
      nonce: base64url(made.nonce),
    };
  },
});

async function approve(intent: Intent, by: Signer): Promise<Assertion> {
  const { vaultId, nonce } = (await (await send('POST', '/security/challenges')).json()) as {
    vaultId: string;
    nonce: string;
  };
  return by.approve({ vaultId, nonce: Buffer.from(nonce, 'base64url') }, intent);
}

const addIntent = ({ credentialId, publicKey }: Passkey, label: string): Intent => ({
  kind: 'ownerAdd',
  user,
  credentialId,
  publicKey,
  label,
  assertion: null,
});

function add({ credentialId, publicKey }: Passkey, label: string, assertion: Assertion | null) {
  const draft = { credentialId: base64url(credentialId), publicKey: base64url(publicKey), label, assertion };
  return send('POST', '/security/passkeys', draft);
}

async function labels(): Promise<readonly string[]> {
  const answer = (await (await send('GET', '/security/passkeys')).json()) as { items: VaultPasskey[] };
  return answer.items.map(({ label }) => label);
}

async function refusedAs(answer: Response): Promise<string> {
  const problem = (await answer.json()) as Problem;
  return problem.refusal ?? problem.code;
}

async function remove(credentialId: Uint8Array, by: Signer): Promise<Response> {
  const assertion = await approve({ kind: 'ownerRemove', user, credentialId, assertion: null }, by);
  return send('POST', `/security/passkeys/${base64url(credentialId)}/remove`, { assertion });
}

test('a second passkey needs the first one’s word, and stands alone when the first is gone', async () => {
  assert.deepEqual(await labels(), ['first passkey']);
  const second = new Passkey();
  assert.equal(await refusedAs(await add(second, 'key ring', null)), 'not-approved');
  const itsOwn = await approve(addIntent(second, 'key ring'), signerOf(second));
  assert.equal(
    await refusedAs(await add(second, 'key ring', itsOwn)),
    'not-approved',
    'nobody lets himself in',
  );
  const another = await approve(addIntent(new Passkey(), 'key ring'), first);
  assert.equal(
    await refusedAs(await add(second, 'key ring', another)),
    'not-approved',
    'a server that puts its own key in the place of the one that was approved',
  );
  assert.deepEqual(await labels(), ['first passkey']);
  const word = await approve(addIntent(second, 'key ring'), first);
  assert.equal((await add(second, 'key ring', word)).status, 201);
  assert.equal(await refusedAs(await add(second, 'key ring', word)), 'not-approved', 'a word counts once');
  assert.deepEqual(await labels(), ['first passkey', 'key ring']);

  // The first is lost: the second takes it out, loosens, and stays as the last.
  assert.equal((await remove(lost.id, signerOf(second))).status, 200);
  assert.deepEqual(await labels(), ['key ring']);
  assert.equal(await loosen(second), 'inForce');
  assert.equal(await refusedAs(await remove(second.credentialId, signerOf(second))), 'last-owner');
  assert.equal((await send('POST', '/security/passkeys/nobodys/remove', { assertion: null })).status, 404);
  assert.equal(
    await refusedAs(
      await send('POST', '/security/passkeys', {
        credentialId: '',
        publicKey: '',
        label: 'x',
        assertion: null,
      }),
    ),
    'bad-form',
  );

  installation.kill('gate');
  await installation.until(
    'the vault is there again',
    async () => (await send('GET', '/security/passkeys')).ok,
  );
  assert.deepEqual(await labels(), ['key ring']);
  const { stdout } = await run(process.execPath, [cli, 'vault', 'passkeys', '--home', installation.root]);
  assert.match(
    stdout,
    /key ring .*\n\nThis is the only one.*[\s\S]*Whoever loses all of them can still freeze/,
  );
  const { items } = (await (await send('GET', '/activity')).json()) as { items: { sentence: string }[] };
  assert.match(
    items.map(({ sentence }) => sentence).join('\n'),
    /take approvals from the passkey “key ring”/,
  );
});

/** One more order a minute on the demo's key, by this passkey's word. */
async function loosen(passkey: Passkey): Promise<string> {
  const { items } = (await (await send('GET', '/connections')).json()) as { items: { id: string }[] };
  const id = items[0]?.id ?? '';
  type State = { readonly mandate: Parameters<typeof mandateFromText>[0] };
  const { mandate } = (await (await send('GET', `/connections/${id}/mandate`)).json()) as State;
  const looser = { ...mandate, label: 'looser', ordersPerMinute: mandate.ordersPerMinute + 1 };
  const intent = {
    kind: 'mandateApprove',
    connection: connectionId.parse(id),
    mandate: mandateFromText(looser, Date.parse),
    assertion: null,
  } as const;
  const assertion = await approve(intent, signerOf(passkey));
  const answer = await send('POST', `/connections/${id}/mandate/approvals`, { mandate: looser, assertion });
  return ((await answer.json()) as { readonly state: string }).state;
}
