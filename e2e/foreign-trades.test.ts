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

  const questions = () => page.getByRole('alert').filter({ hasText: 'A trade we didn’t place.' });
  test('is not one of the bots’ own', async () => {
    await page.getByRole('link', { name: 'Demo DCA BTC' }).click();
    await page.getByRole('tab', { name: 'Fills' }).click();
    await page.getByRole('button', { name: 'Receipt' }).first().waitFor();
    await page.goto('/security');
    await page.getByText('Every trade at the exchange has a receipt here.').waitFor();
    assert.equal(await questions().count(), 0);
  });

  test('shows over the open page by itself, and in the alerts', async () => {
    const [first = ''] = await placeForeignOrder(paper, '0.0021');
    await questions().getByText(`Sell ${first} BTCUSDT`).waitFor();
    await questions().getByText('at paper, account of the key “demo”.').first().waitFor();
    await page
      .getByText(/^(?:One trade|\d trades) at the venue that no order of this vault explains\.$/u)
      .waitFor();
    await page.getByRole('button', { name: /^Alerts, [1-9]\d* unread/u }).click();
    await page.getByRole('dialog').getByText(`SELL ${first} BTCUSDT at`).waitFor();
    await page.keyboard.press('Escape');
  });

  test('of one’s own is answered once, and kept', async () => {
    const mine = page.getByRole('button', { name: 'It was me' });
    for (let left = await mine.count(); left > 0; left--) {
      await mine.first().click();
      await mine.nth(left - 1).waitFor({ state: 'detached' });
    }
    await page.getByText('You say: it was me.').first().waitFor();
    await page.reload();
    await page.getByText('You say: it was me.').first().waitFor();
    assert.equal(await questions().count(), 0);
    await page
      .getByText(
        'No trade at the venue waits for your word: an order of this vault explains it, or you have answered.',
      )
      .waitFor();
  });

  test('of nobody’s freezes the key and leads through five steps', async () => {
    await makeAccount(page, 'Ada');
    await page.goto('/security');
    await placeForeignOrder(paper, '0.0022');
    await page.getByRole('button', { name: 'Not me, freeze' }).first().click();
    await page.getByRole('heading', { name: 'Not your trade: what to do now' }).waitFor();
    const steps = page.locator('main ol > li');
    // The heading stands over what is still being asked for.
    await steps.first().waitFor();
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
    assert.deepEqual([trade.state, freezes[0]?.depth], ['not-me', 'everything']);
    assert.match(
      await page.locator('main > div > p').first().innerText(),
      new RegExp(`Sell ${trade.quantity} BTC`, 'u'),
    );
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
