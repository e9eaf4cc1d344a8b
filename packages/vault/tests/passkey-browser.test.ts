import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { Assertion, Intent } from '@counterfoil/vocabulary/protocol';
import { approvalText } from '@counterfoil/vocabulary/protocol';
import { demoMandate } from '../src/gate/demo-mandate.ts';
import { type Page, openPage } from './_browser.ts';
import { folderFor } from './_programs.ts';
import { Log, demo, startSecurity } from './_security.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64'));
// What every expression below begins with: bytes travel in base64.
const helpers = `const to = (b) => btoa(String.fromCharCode(...new Uint8Array(b)));
  const from = (t) => Uint8Array.from(atob(t), (c) => c.charCodeAt(0));`;

/** What a page asks of an authenticator; the gate asks for verification whatever the page did. */
type Verification = 'required' | 'discouraged';

async function addAuthenticator(page: Page, isUserVerified: boolean): Promise<void> {
  await page.send('WebAuthn.enable');
  await page.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: isUserVerified ? 'ctap2' : 'u2f',
      transport: 'usb',
      hasResidentKey: isUserVerified,
      hasUserVerification: isUserVerified,
      isUserVerified,
      automaticPresenceSimulation: true,
    },
  });
}

/** Registers a passkey the way a dashboard does. `alg` is -7 for ES256, -257 for RS256. */
async function register(
  page: Page,
  alg: number,
  verification: Verification,
): Promise<{ credentialId: Uint8Array; publicKey: Uint8Array }> {
  const made = await page.run<{ id: string; key: string }>(`(async () => { ${helpers}
    const credential = await navigator.credentials.create({ publicKey: {
      rp: { id: 'localhost', name: 'Counterfoil' },
      user: { id: new Uint8Array(16), name: 'demo', displayName: 'demo' },
      challenge: new Uint8Array(32),
      pubKeyCredParams: [{ type: 'public-key', alg: ${alg} }],
      authenticatorSelection: { residentKey: 'discouraged', userVerification: '${verification}' },
    } });
    return { id: to(credential.rawId), key: to(credential.response.getPublicKey()) };
  })()`);
  return { credentialId: bytesOf(made.id), publicKey: bytesOf(made.key) };
}

async function approve(
  page: Page,
  passkey: { readonly credentialId: Uint8Array },
  about: { readonly vaultId: string; readonly nonce: Uint8Array },
  intent: Intent,
  verification: Verification,
): Promise<Assertion> {
  const text = approvalText(about.vaultId, about.nonce, intent);
  const challenge = createHash('sha256').update(text).digest();
  const said = await page.run<{ data: string; client: string; signature: string }>(`(async () => { ${helpers}
    const { response } = await navigator.credentials.get({ publicKey: {
      rpId: 'localhost',
      challenge: from('${base64(challenge)}'),
      allowCredentials: [{ type: 'public-key', id: from('${base64(passkey.credentialId)}') }],
      userVerification: '${verification}',
    } });
    return {
      data: to(response.authenticatorData),
      client: to(response.clientDataJSON),
      signature: to(response.signature),
    };
  })()`);
  return {
    credentialId: passkey.credentialId,
    authenticatorData: bytesOf(said.data),
    clientDataJson: bytesOf(said.client),
    signature: bytesOf(said.signature),
    nonce: about.nonce,
  };
}

/** Loosens a mandate with a passkey of a real browser; what the gate says. */
async function loosen(t: TestContext, setting: { alg: number; isUserVerified: boolean; origin?: string }) {
  const page = await openPage(t);
  await addAuthenticator(page, setting.isUserVerified);
  const verification = setting.isUserVerified ? 'required' : 'discouraged';
  const passkey = await register(page, setting.alg, verification);
  const vault = startSecurity({
    folder: folderFor(t),
    log: new Log(),
    origin: setting.origin ?? page.origin,
  });
  t.after(() => vault.stop());
  await vault.ask({ kind: 'ownerAdd', user: demo, ...passkey, label: 'browser', assertion: null });
  const { connection } = vault.of('paper1').key;
  const mandate = { ...demoMandate, ordersPerMinute: demoMandate.ordersPerMinute + 1 };
  const intent = { kind: 'mandateApprove', connection, mandate, assertion: null } as const;
  const challenge = await vault.ask({ kind: 'challenge' });
  assert.ok(challenge.kind === 'challenge');
  const result = await vault.ask({
    ...intent,
    assertion: await approve(page, passkey, challenge, intent, verification),
  });
  const isLooser = vault.of('paper1').limits.mandate.ordersPerMinute === mandate.ordersPerMinute;
  return { said: result.kind === 'mandate' ? result.state : result.kind, isLooser };
}

for (const [name, alg] of [
  ['ES256', -7],
  ['RS256', -257],
] as const) {
  test(`${name}: a browser's passkey loosens a mandate`, async (t) => {
    assert.deepEqual(await loosen(t, { alg, isUserVerified: true }), { said: 'inForce', isLooser: true });
  });
}

test('a browser whose authenticator did not verify its user, or that stands elsewhere, loosens nothing', async (t) => {
  const refused = { said: 'refused', isLooser: false };
  assert.deepEqual(await loosen(t, { alg: -7, isUserVerified: false }), refused);
  const elsewhere = { alg: -7, isUserVerified: true, origin: 'http://localhost:7331' };
  assert.deepEqual(await loosen(t, elsewhere), refused);
});
