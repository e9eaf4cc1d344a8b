/** A trade that no receipt explains: the page asks whose it is, and what is answered has its effect. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Person, launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { Installation } from './_installation.ts';
import { type Paper, paperAt, placeForeignOrder } from './_paper.ts';
import { makeAccount } from './_passkey.ts';

describe('a trade we didn’t place', { skip: noBrowser, concurrency: false }, () => {
  let installation: Installation;
  let browser: Browser;
  let person: Person;
  let page: Page;
  let paper: Paper;

  before(async () => {
    installation = await Installation.start('product', undefined, { presets: true });
    const origin = `http://localhost:${installation.port}`;
    paper = await paperAt(origin);
    browser = await launchBrowser();
    person = await newPerson(browser, { origin });
    page = person.page;
    await page.goto('/');
    await page.getByRole('link', { name: 'Demo DCA BTC' }).waitFor();
  });
  after(async () => {
    await browser?.close();
    await installation?.stop();
    installation?.remove();
  });

  const question = (quantity: string) =>
    page.getByRole('alert').filter({ hasText: `A trade we didn’t place. Sell ${quantity} BTCUSDT` });

  test('is not one of the bots’ own', async () => {
    await page.getByRole('link', { name: 'Demo DCA BTC' }).click();
    await page.getByRole('tab', { name: 'Fills' }).click();
    await page.getByRole('button', { name: 'Receipt' }).first().waitFor();
    await page.goto('/security');
    await page.getByText('Every trade at the exchange has a receipt here.').waitFor();
    assert.equal(await page.getByText('A trade we didn’t place.').count(), 0);
  });

  test('shows over the open page by itself, and in the alerts', async () => {
    await placeForeignOrder(paper, '0.021');
    await question('0.021').waitFor();
    await question('0.021').getByText('at paper, account of the key “demo”.').waitFor();
    await page.getByText('1 trade(s) at the venue that no order of this vault explains.').waitFor();
    await page.getByRole('button', { name: /^Alerts, [1-9]\d* unread/u }).click();
    await page
      .getByRole('dialog')
      .getByText(/^SELL 0\.021 BTCUSDT at \d/u)
      .waitFor();
    await page.keyboard.press('Escape');
  });

  test('of one’s own is answered once, and kept', async () => {
    await question('0.021').getByRole('button', { name: 'It was me' }).click();
    await question('0.021').waitFor({ state: 'detached' });
    await page.getByText('You say: it was me.').waitFor();
    await page.reload();
    await page.getByText('You say: it was me.').waitFor();
    assert.equal(await page.getByText('A trade we didn’t place.').count(), 0);
  });

  test('of nobody’s freezes the key and leads through five steps', async () => {
    await makeAccount(page, 'Ada');
    await page.goto('/security');
    await placeForeignOrder(paper, '0.022');
    await question('0.022').getByRole('button', { name: 'Not me, freeze' }).click();
    await page.getByRole('heading', { name: 'Not your trade: what to do now' }).waitFor();
    const steps = page.locator('main ol > li');
    assert.equal(await steps.count(), 5);
    await steps.nth(0).getByText('✓ done').waitFor();
    await steps
      .nth(0)
      .getByText(/^The vault signs nothing with “demo”, since/u)
      .waitFor();
    assert.equal((await installation.place())?.state, 'refused', 'the freeze is the vault’s');

    const download = page.waitForEvent('download');
    await steps.nth(3).getByRole('button', { name: 'Save the file' }).click();
    const file = await download;
    const evidence = JSON.parse(readFileSync(await file.path(), 'utf8')) as Readonly<Record<string, unknown>>;
    const { trade, log, freezes } = evidence as {
      readonly trade: { readonly quantity: string; readonly state: string };
      readonly log: { readonly checkpoint: string };
      readonly freezes: readonly { readonly depth: string }[];
    };
    assert.deepEqual([trade.quantity, trade.state, freezes[0]?.depth], ['0.022', 'not-me', 'everything']);
    assert.match(log.checkpoint, /\/keyuse\n/u);
    for (const number of [1, 2, 4]) await steps.nth(number).getByLabel('Done').check();
    for (const number of [0, 1, 2, 3, 4]) await steps.nth(number).getByText('✓ done').waitFor();
    await page.reload();
    for (const number of [0, 1, 2, 3, 4]) await steps.nth(number).getByText('✓ done').waitFor();

    await page.goto('/security');
    await page.getByText('You say: not me.').waitFor();
    await page.getByRole('button', { name: 'Thaw' }).click();
    await page.getByRole('button', { name: 'Thaw' }).waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'What to do now' }).click();
    await steps.nth(0).getByText('It is not frozen any more').waitFor();
    await steps.nth(0).getByText('◌ to do').waitFor();
  });
});
