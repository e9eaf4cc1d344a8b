/** Who made an account comes back: with the passkey, or without it by the recovery sheet; and leaves. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { type Person, launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { Installation } from './_installation.ts';
import { type RecoverySheet, makeAccount, readSheet } from './_passkey.ts';

const AWAY = 'The server does not answer. What you see is old.';

describe('signing in', { skip: noBrowser, concurrency: false }, () => {
  let installation: Installation;
  let browser: Browser;
  let origin = '';
  let person: Person;
  let sheet: RecoverySheet;

  before(async () => {
    installation = await Installation.start('product');
    origin = `http://localhost:${installation.port}`;
    browser = await launchBrowser();
    person = await newPerson(browser, { origin });
    sheet = await makeAccount(person.page, 'Ada');
  });
  after(async () => {
    await browser?.close();
    await installation?.stop();
    installation?.remove();
  });

  test('the recovery sheet stays until it was written down, whatever happens around it', async () => {
    const other = await Installation.start('product');
    const { page, context } = await newPerson(browser, { origin: `http://localhost:${other.port}` });
    try {
      await page.goto('/welcome');
      await page.getByRole('button', { name: 'Set up for me' }).click();
      await page.getByLabel('Your name').fill('Bea');
      await page.getByRole('button', { name: 'Create passkey' }).click();
      const shown = await page.getByTestId('recovery-key').textContent();
      // The stream comes back, and everything is asked for anew.
      const again = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/session'), {
        timeout: 120_000,
      });
      other.kill('server');
      await again;
      await page.waitForLoadState('networkidle');
      assert.equal(await page.getByTestId('recovery-key').textContent(), shown);
      await readSheet(page);
      await page.getByRole('button', { name: 'Set up for me' }).click();
      await page.getByText('This installation belongs to Bea.').waitFor();
    } finally {
      await context.close();
      await other.stop();
      other.remove();
    }
  });

  test('with the passkey, and what happens is followed from then on', async () => {
    const { page, context } = person;
    await context.clearCookies();
    await page.goto('/');
    await leadsInside(page, () => page.getByRole('button', { name: 'Sign in with a passkey' }).click());
  });

  test('signing out empties every tab of the browser, and no way back shows what they held', async () => {
    const { page, context } = person;
    const tab = async (path: string, crippled = ''): Promise<Page> => {
      const opened = await context.newPage();
      await opened.addInitScript(crippled);
      await opened.goto(path);
      await opened.getByRole('heading').first().waitFor();
      return opened;
    };
    await page.goto('/');
    const home = await tab('/');
    const trade = await tab('/trade');
    await trade.getByLabel('Quantity').fill('0.0123');
    // What tells a tab: the other tabs, and the server, which ends the session's streams.
    const alone = await tab('/', DEAF);
    const lost = await tab('/', DEAF + CUT);
    for (const shown of [page, home, alone, lost]) await worthOf(shown).waitFor();
    await lost.route('**/api/v1/**', (route) => route.abort());

    await page.getByRole('button', { name: 'Account of Ada' }).click();
    await page.getByText('Bots go on trading.').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    for (const empty of [page, home, trade, alone]) {
      await empty.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
      assert.equal(await worthOf(empty).count(), 0);
    }
    assert.equal(await worthOf(lost).count(), 1, 'a tab that hears nobody still shows it');
    assert.ok(!(await trade.evaluate<string>('JSON.stringify(sessionStorage)')).includes('0.0123'));

    for (const back of [() => page.goBack(), () => page.reload(), () => page.goto('/security')]) {
      await back();
      await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
      assert.equal(await worthOf(page).count(), 0);
    }
    assert.equal((await context.request.get('/api/v1/portfolio')).status(), 401);

    for (const done of [alone, lost, trade]) await done.close();
    await page.goto('/');
    await leadsInside(page, () => page.getByRole('button', { name: 'Sign in with a passkey' }).click());
    // The other tab is let in by the same passkey.
    await worthOf(home).waitFor();
    await home.close();
  });

  test('a session that is ended from another browser leaves nothing on its pages', async () => {
    const { page, context } = person;
    const there = await newPerson(browser, { origin });
    await there.context.addCookies(await context.cookies());
    await there.page.goto('/');
    await worthOf(there.page).waitFor();
    await context.clearCookies();
    await page.goto('/');
    await leadsInside(page, () => page.getByRole('button', { name: 'Sign in with a passkey' }).click());
    await page.goto('/security');
    const others = page.getByRole('button', { name: 'Sign out there' });
    await others.first().waitFor();
    while ((await others.count()) > 0) {
      const left = await others.count();
      await others.first().click();
      await others.nth(left - 1).waitFor({ state: 'detached' });
    }
    await there.page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
    assert.equal(await worthOf(there.page).count(), 0);
    await there.context.close();
  });

  test('not with another key, not with another account, and nothing is said of which was wrong', async () => {
    const { page, context } = await newPerson(browser, { origin });
    for (const wrong of [
      { ...sheet, recoveryKey: sheet.recoveryKey.replaceAll(/[A-Z2-7]/gu, 'A') },
      { ...sheet, account: `${sheet.account.split('/')[0] ?? ''}/nobody` },
    ]) {
      await recover(page, wrong);
      await page
        .getByRole('alert')
        .filter({ hasText: 'Account and recovery key do not belong together; nothing was changed.' })
        .waitFor();
    }
    await context.close();
  });

  test('with the recovery sheet: a new passkey and a new sheet; the old ones hold no more', async () => {
    const { page, context } = await newPerson(browser, { origin });
    // As people copy it from paper.
    await recover(page, { ...sheet, recoveryKey: ` ${sheet.recoveryKey.toLowerCase()} ` });
    await leadsInside(page, async () => {
      const next = await readSheet(page);
      assert.equal(next.account, sheet.account);
      assert.notEqual(next.recoveryKey, sheet.recoveryKey);
    });

    await person.page.goto('/');
    await person.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await person.page.getByRole('alert').filter({ hasText: 'This was refused.' }).waitFor();
    const { page: late } = await newPerson(browser, { origin });
    await recover(late, sheet);
    await late.getByRole('alert').filter({ hasText: 'This was refused.' }).waitFor();

    await context.clearCookies();
    await page.goto('/');
    await leadsInside(page, () => page.getByRole('button', { name: 'Sign in with a passkey' }).click());
  });
});

/** The balance that Home shows first. */
function worthOf(page: Page): Locator {
  return page.getByText(/^\d{1,3}(?:\D\d{3})*\.\d+ USDT$/u).first();
}

/** A tab that does not hear what others say. */
const DEAF = 'BroadcastChannel.prototype.addEventListener = () => undefined;';
/** And that nobody tells of a stream's end. */
const CUT = 'EventSource = class extends EventTarget { close() {} };';

async function recover(page: Page, { account, recoveryKey }: RecoverySheet): Promise<void> {
  await page.goto('/');
  await page.getByText('Sign in with the recovery key').click();
  await page.getByLabel('Account').fill(account);
  await page.getByLabel('Recovery key').fill(recoveryKey);
  await page.getByRole('button', { name: 'Make a new passkey' }).click();
}

/** What is done leads to Home, and its event stream runs: nothing on it is said to be old. */
async function leadsInside(page: Page, act: () => Promise<unknown>): Promise<void> {
  const stream = page.waitForResponse((answer) => answer.url().endsWith('/api/v1/events') && answer.ok());
  await act();
  await page.getByText('Net worth').first().waitFor();
  await stream;
  assert.equal(await page.getByText(AWAY).count(), 0);
}
