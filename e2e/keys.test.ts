/** A key is replaced and removed on its own page, by a person with a passkey, while it trades. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { type ApiClient, type Assertion, type BotDraft, type Connection, apiClient } from '@counterfoil/api';
import { connectionId } from '@counterfoil/vocabulary';
import { type Intent, approvalText } from '@counterfoil/vocabulary/protocol';
import type { Browser, Page } from 'playwright-core';
import { post } from './_accounts.ts';
import { type Person, launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { type Sent, capture, formsOf } from './_capture.ts';
import { withItem } from './_given.ts';
import { Installation } from './_installation.ts';
import { keyAtTheExchange } from './_paper.ts';
import { makeAccount } from './_passkey.ts';
import { plant, refuseWith } from './_screen-states.ts';
import { plainDcaDraft } from '../packages/server/tests/_plain-dca.ts';

describe('a key', { skip: noBrowser, concurrency: false }, () => {
  let installation: Installation;
  let browser: Browser;
  let person: Person;
  let page: Page;
  let api: ApiClient;
  let sent: Sent;
  let secret = '';

  const connectionOf = async (label: string): Promise<Connection> => {
    const found = (await api.listConnections()).items.find((one) => one.label === label);
    assert.ok(found !== undefined, label);
    return found;
  };
  const open = async (label: string): Promise<void> => {
    await page.goto('/security');
    await page.getByRole('table', { name: 'Keys' }).getByRole('link', { name: label, exact: true }).click();
    await page.getByRole('heading', { name: 'Replace the key' }).waitFor();
  };
  const remove = async (label: string): Promise<void> => {
    await page.getByLabel(/to confirm$/u).fill(label);
    await page.getByRole('button', { name: 'Destroy this key' }).click();
  };

  before(async () => {
    installation = await Installation.start('product');
    browser = await launchBrowser();
    const origin = `http://localhost:${installation.port}`;
    person = await newPerson(browser, { origin });
    page = person.page;
    sent = await capture(person);
    await makeAccount(page, 'Ada');
    api = apiClient(async (path, init) => {
      const cookies = await person.context.cookies();
      const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
      return fetch(origin + path, { ...init, headers: { ...init.headers, origin, cookie } });
    });
  });
  after(async () => {
    await browser?.close();
    await installation?.stop();
    installation?.remove();
  });

  test('that was pasted gives way to one made in the vault, and its bot trades on', async () => {
    const adminUrl = installation.desk.paperAdminUrl;
    const pasted = await keyAtTheExchange(adminUrl);
    secret = pasted.secret;
    await page.goto('/connect');
    await page.getByText('Sealed in your browser').click();
    await page.getByLabel('Label').fill('mine');
    await page.getByLabel('API key id').fill(pasted.apiKey);
    await page.getByLabel('API secret or private key').fill(secret);
    await page.getByRole('button', { name: 'Lock it' }).click();
    await page.getByRole('button', { name: '4. Check' }).click();
    await page.getByText('cannot withdraw').waitFor();

    const before = await connectionOf('mine');
    const bot = await api.createBot({ body: draft('Lasting', before.id), ...key() });
    await api.startBot({ params: { bot: bot.id }, ...key() });
    const fills = async (): Promise<number> => (await api.listFills({ query: { bot: bot.id } })).items.length;
    await installation.until('it trades', async () => (await fills()) > 0);

    await open('mine');
    await page.getByRole('link', { name: 'Lasting' }).waitFor();
    await page.getByText('One bot or SmartTrade goes on without a pause.').waitFor();
    await page.getByText(/^This key was pasted\./u).waitFor();
    await page.getByRole('button', { name: 'Make the new key' }).click();
    await page.getByRole('heading', { name: 'Register the new key at the exchange' }).waitFor();
    const publicKey = (await page.getByTestId('public-key').textContent()) ?? '';
    assert.equal((await connectionOf('mine')).born, 'sealed', 'the old key is at work meanwhile');

    // The old id is no way to switch, and changes nothing.
    await page.getByLabel('API key id').fill(pasted.apiKey);
    await page.getByRole('button', { name: '4. Check' }).click();
    await page.getByRole('alert').filter({ hasText: 'This is the id of the old key' }).waitFor();
    assert.equal((await connectionOf('mine')).born, 'sealed');

    const old = (await post(adminUrl, `/keys/${pasted.apiKey}`, {}, 'PATCH')) as { readonly account: number };
    const registration = { account: old.account, kind: 'ed25519', publicKey };
    const { apiKey } = (await post(adminUrl, '/keys', registration)) as { readonly apiKey: string };
    await page.getByLabel('API key id').fill(apiKey);
    await page.getByRole('button', { name: '4. Check' }).click();
    await page.getByText('Replaced. The new key signs from here on.').waitFor();
    await post(adminUrl, `/keys/${pasted.apiKey}`, { isRevoked: true }, 'PATCH');
    await page.getByText('Made in the vault').waitFor();
    const now = await connectionOf('mine');
    assert.deepEqual(
      [now.id, now.born, now.keyType, now.state],
      [before.id, 'vault-born', 'ed25519', 'ready'],
    );
    assert.deepEqual([before.apiKeyId, now.apiKeyId], [null, apiKey]);
    const view = await api.getViewKey({ params: { connection: now.id } });
    assert.equal(view.apiKeyId, null, 'its leaves begin under an id that the vault alone knows');

    // What trades with it keeps it, whatever the page lets through.
    await page.getByText('These still trade with it: Lasting.').waitFor();
    await page.getByLabel(/to confirm$/u).fill('mine');
    assert.ok(await page.getByRole('button', { name: 'Destroy this key' }).isDisabled());
    await plant(page, { listBots: (was) => ({ ...was, items: [] }) });
    await open('mine');
    await remove('mine');
    await page
      .getByRole('alert')
      .filter({ hasText: '“Lasting” still trades with this connection.' })
      .waitFor();
    await page.unrouteAll({ behavior: 'ignoreErrors' });

    // The sale that ends the bot is signed by the new key: the exchange takes nothing under the old one.
    const bought = await fills();
    await api.stopBot({
      params: { bot: bot.id },
      body: { positions: 'close', gridAction: null },
      ...key(),
    });
    await installation.until('it has sold', async () => {
      const { state } = await api.getBot({ params: { bot: bot.id } });
      return state === 'stopped' && (await fills()) > bought;
    });
  });

  test('is destroyed for good once nothing trades with it; its history stays', async () => {
    await open('mine');
    const destroy = page.getByRole('button', { name: 'Destroy this key' });
    assert.ok(await destroy.isDisabled(), 'a click without its name does nothing');
    await page.getByLabel(/to confirm$/u).fill('my');
    assert.ok(await destroy.isDisabled());
    await remove('mine');
    await page.getByText('Destroyed. Its history stays.').waitFor();
    assert.equal(await page.getByRole('heading', { name: 'Replace the key' }).count(), 0);
    const { state, id } = await connectionOf('mine');
    assert.equal(state, 'removed');
    const orders = (await api.listOrders({ query: {} })).items.filter(({ connection }) => connection === id);
    assert.ok(orders.length >= 2);
    for (const order of orders)
      assert.match(
        (await api.getReceipt({ params: { order: order.id } })).proof,
        /^c2sp\.org\/tlog-proof@v1\n/u,
      );
  });

  test('nothing that left the browser on the way holds the pasted secret in any form', async () => {
    const { found, searched } = await sent.holding(formsOf(secret));
    assert.deepEqual(found, []);
    assert.ok(searched > 100, `${searched} requests`);
    // The same search finds what did go out in the clear.
    assert.deepEqual((await sent.holding(formsOf('mine'))).found.slice(0, 1), ['mine']);
  });

  test('is replaced and removed by the owner’s passkey over that very act where the server asks for it', async () => {
    await page.goto('/connect');
    await page.getByText('Made in the vault', { exact: true }).click();
    await page.getByLabel('Label').fill('guarded');
    await page.getByRole('button', { name: 'Make key pair' }).click();
    await page.getByText('cannot withdraw').waitFor();
    const { id } = await connectionOf('guarded');
    const connection = connectionId.parse(id);
    await open('guarded');
    for (const { path, act, intent, done } of [
      {
        path: 'rotate',
        act: () => page.getByRole('button', { name: 'Make the new key' }).click(),
        intent: { kind: 'keyRotate', connection, type: 'ed25519', assertion: null },
        done: 'Replaced. The new key signs from here on.',
      },
      {
        path: 'remove',
        act: () => remove('guarded'),
        intent: { kind: 'keyDestroy', connection, assertion: null },
        done: 'Destroyed. Its history stays.',
      },
    ] as const) {
      // As the gate does at a live venue: nothing without an owner.
      const asked: (Assertion | null)[] = [];
      await page.route(`**/api/v1/connections/*/${path}`, (route) => {
        const { assertion } = route.request().postDataJSON() as { readonly assertion: Assertion | null };
        asked.push(assertion);
        return assertion === null ? refuseWith(route, { code: 'passkey-needed' }) : route.continue();
      });
      await person.confirms(false);
      await act();
      await page
        .getByRole('alert')
        .filter({ hasText: 'An owner has to approve this with a passkey.' })
        .waitFor();
      assert.deepEqual(asked.map(isMissing), [true], 'without its person nothing is asked twice');

      await person.confirms(true);
      const challenge = page.waitForResponse('**/api/v1/security/challenges');
      await act();
      const { vaultId } = (await (await challenge).json()) as { readonly vaultId: string };
      await page.getByText(done).waitFor();
      const signed = asked.at(-1);
      assert.ok(signed !== null && signed !== undefined);
      assert.deepEqual(asked.map(isMissing), [true, true, false]);
      assert.equal(challengeOf(signed), challengeFor(vaultId, signed.nonce, intent));
      const other = { ...intent, connection: connectionId.parse('another') };
      assert.notEqual(challengeOf(signed), challengeFor(vaultId, signed.nonce, other));
    }
  });

  test('is nobody’s to replace or remove who is not an owner', async () => {
    const { id } = (await api.listConnections()).items.find(({ state }) => state === 'ready') ?? failed();
    for (const role of ['trader', 'viewer'] as const) {
      await plant(page, { getSession: (was) => ({ ...was, role }) });
      await page.goto(`/connections/${id}`);
      await page.getByText('Only an owner may replace or remove a key.').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Make the new key' }).count(), 0);
      assert.equal(await page.getByRole('button', { name: 'Destroy this key' }).count(), 0);
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    }
  });

  test('whose successor waits shows what to register, and where', async () => {
    const ready = (await api.listConnections()).items.find(({ state }) => state === 'ready') ?? failed();
    const publicKeyPem = '-----BEGIN PUBLIC KEY-----\nof the new one\n-----END PUBLIC KEY-----\n';
    const waits: Connection = {
      ...ready,
      id: 'key-given',
      successor: { keyType: 'ed25519', publicKeyPem },
    };
    await plant(page, { listConnections: withItem(waits) });
    await page.goto('/connections/key-given');
    await page.getByRole('heading', { name: 'Register the new key at the exchange' }).waitFor();
    assert.equal(await page.getByTestId('public-key').last().textContent(), publicKeyPem);
    await page.getByLabel('API key id').fill('0123456789');
    const request = page.waitForRequest('**/api/v1/connections/key-given/register');
    await page.getByRole('button', { name: '4. Check' }).click();
    assert.deepEqual((await request).postDataJSON(), { apiKeyId: '0123456789' });
  });
});

function failed(): never {
  throw new Error('the demo has no key');
}

const key = (): { readonly idempotencyKey: string } => ({ idempotencyKey: crypto.randomUUID() });

const isMissing = (assertion: Assertion | null): boolean => assertion === null;

const challengeOf = ({ clientDataJson }: Assertion): string =>
  (JSON.parse(Buffer.from(clientDataJson, 'base64url').toString()) as { readonly challenge: string })
    .challenge;

function challengeFor(vaultId: string, nonce: string, intent: Intent): string {
  const text = approvalText(vaultId, Buffer.from(nonce, 'base64url'), intent);
  return createHash('sha256').update(text).digest('base64url');
}

function draft(name: string, connection: string): BotDraft {
  return { name, connection, plan: plainDcaDraft('50', '5') };
}
