/** Everything that can be clicked can be reached and done by keyboard, on every page, in panels and in the charts. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Person, launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { disownedTrade } from './_foreign-trade.ts';
import { Installation } from './_installation.ts';
import { walkByKeyboard } from './_keyboard.ts';
import { openScreen, screens, settled, unfolded } from './_screens.ts';

describe('by keyboard alone', { skip: noBrowser, concurrency: false }, () => {
  let installation: Installation;
  let browser: Browser;
  let person: Person;
  let page: Page;
  let bot = '';

  before(async () => {
    installation = await Installation.start('product', undefined, { presets: true });
    browser = await launchBrowser();
    person = await newPerson(browser, { origin: `http://localhost:${installation.port}` });
    page = person.page;
    await page.goto('/');
    const link = page.getByRole('link', { name: 'Demo DCA BTC' });
    bot = (await link.getAttribute('href', { timeout: 120_000 }))?.split('/').at(-1) ?? '';
    await link.click();
    await page.getByRole('tab', { name: 'Fills' }).click();
    await page.getByRole('button', { name: 'Receipt' }).first().waitFor({ timeout: 120_000 });
    await disownedTrade(`http://localhost:${installation.port}`);
  });

  after(async () => {
    await browser?.close();
    await installation?.stop();
    installation?.remove();
  });

  test('everything is reached, shows the focus and acts', async (t) => {
    for (const screen of unfolded) {
      await openScreen(page, screen, bot);
      await settled(page);
      const { stops, found } = await walkByKeyboard(page, () => settled(page));
      t.diagnostic(`${screen.name}: ${stops} stops`);
      assert.deepEqual(found, [], screen.name);
      assert.ok(stops >= 1, screen.name);
    }
  });

  test('on a phone too', async () => {
    const { page: phone, context } = await newPerson(browser, {
      origin: `http://localhost:${installation.port}`,
      phone: true,
    });
    for (const screen of screens.filter(({ open }) => open === undefined)) {
      await openScreen(phone, screen, bot);
      await settled(phone);
      assert.deepEqual((await walkByKeyboard(phone, () => settled(phone))).found, [], screen.name);
    }
    await context.close();
  });

  test('what only a pointer can do is found by the same walk', async () => {
    await page.goto('/settings');
    await settled(page);
    await page.evaluate(`for (const [text, focus] of [['no stop', false], ['no key', true]]) {
      const one = document.createElement('div');
      one.textContent = text;
      one.onclick = () => undefined;
      if (focus) one.tabIndex = 0;
      document.querySelector('main').append(one);
    }
    const bare = document.createElement('button');
    bare.textContent = 'no mark';
    bare.style.setProperty('outline', 'none', 'important');
    document.querySelector('main').append(bare);`);
    assert.deepEqual((await walkByKeyboard(page, () => settled(page))).found.toSorted(), [
      'no key acts on: div “no key”',
      'no mark: button “no mark”',
      'not reached: div “no stop”',
    ]);
  });

  test('a panel takes the focus, keeps it, and gives it back at Escape', async () => {
    await page.goto('/bots');
    const bell = page.getByRole('button', { name: /^Alerts/u });
    await bell.focus();
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog');
    await panel.locator(':focus').waitFor();
    await page.keyboard.press('Tab');
    // At the panel's last control the focus passes a guard first, and comes back from there.
    await panel.locator(':focus').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await bell.and(page.locator(':focus')).waitFor();
  });

  test('Freeze is held by keyboard, and a tap of the key does nothing', async () => {
    await page.goto('/security');
    const freeze = page.getByRole('button', { name: 'Freeze', exact: true });
    await freeze.focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.getByRole('dialog').count(), 0);
    await page.keyboard.down('Enter');
    await page.getByText(/^The vault signs nothing new/u).waitFor();
    await page.keyboard.up('Enter');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Thaw' }).press('Enter');
    await page.getByRole('button', { name: 'Thaw' }).waitFor({ state: 'detached' });
  });

  test('a line of the chart moves with the arrow keys of its field', async () => {
    await page.goto('/trade');
    await page.getByRole('table', { name: 'Planned orders' }).waitFor();
    const stop = page.getByLabel('Stop', { exact: true });
    const before = Number(await stop.inputValue());
    await stop.press('ArrowUp');
    const moved = await stop.inputValue();
    assert.ok(Number(moved) > before, `${before} → ${moved}`);
    await page.getByRole('button', { name: 'View as table' }).press('Enter');
    await page.locator('figure').getByRole('cell', { name: moved }).waitFor();
  });
});
