/** A second passkey, made on the Security page, stands in for the first when that one is lost. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { Installation } from './_installation.ts';
import { makeAccount } from './_passkey.ts';

describe('a second passkey', { skip: noBrowser }, () => {
  test('is approved by the first, thaws and removes without it, and the page warns of an only one', async () => {
    const installation = await Installation.start('product');
    const browser = await launchBrowser();
    try {
      const origin = `http://localhost:${installation.port}`;
      const { page, context, complaints, device } = await newPerson(browser, { origin });
      const { session, authenticatorId: first } = device;
      const touch = (authenticatorId: string, enabled: boolean) =>
        session.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
      await makeAccount(page, 'Ada');
      await page.getByText('This is the only one.').waitFor();

      const { authenticatorId: second } = await session.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          transport: 'usb',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
      // The person touches the new one, and when the vault asks for an approval, the old one.
      await touch(first, false);
      await page.route('**/api/v1/security/challenges', async (route) => {
        await touch(second, false);
        await touch(first, true);
        await route.continue();
      });
      await page.getByLabel('Name of the new passkey').fill('key ring');
      await page.getByRole('button', { name: 'Add a passkey' }).click();
      await page.getByText(/key ring · approves from/u).waitFor();
      assert.equal(await page.getByText('This is the only one.').count(), 0);
      await page.unroute('**/api/v1/security/challenges');

      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: first });
      await touch(second, true);
      const frozen = await context.request.post('/api/v1/security/freeze', {
        headers: { origin },
        data: { scope: 'everything', connection: null, depth: 'everything' },
      });
      assert.equal(frozen.status(), 200);
      await page.getByRole('button', { name: 'Thaw' }).click();
      await page.getByRole('button', { name: 'Thaw' }).waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Remove first passkey' }).click();
      await page.getByText('This is the only one.').waitFor();
      const { items } = (await (await context.request.get('/api/v1/security/passkeys')).json()) as {
        items: { label: string }[];
      };
      assert.deepEqual(
        items.map(({ label }) => label),
        ['key ring'],
      );
      assert.deepEqual(complaints, []);
    } finally {
      await browser.close();
      await installation.stop();
      installation.remove();
    }
  });
});
