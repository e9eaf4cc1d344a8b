/** The dashboard on a whole installation, as a person meets it: alive, clicked through, lied to, cut off. */
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Person, launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { Installation } from './_installation.ts';

/** Pages with their addresses: all that the rail leads to, and what they lead to. */
const pages = [
  '/',
  '/bots',
  '/bots/new',
  '/trade',
  '/backtests',
  '/receipts',
  '/security',
  '/connect',
  '/settings',
];

/** Time for a first fill on the synthetic market of a loaded machine. */
const FILL_MS_MAX = 120_000;

describe('the dashboard', { skip: noBrowser, concurrency: false }, () => {
  let installation: Installation;
  let browser: Browser;
  let origin = '';
  let person: Person;

  before(async () => {
    installation = await Installation.start('product', undefined, { presets: true });
    origin = `http://localhost:${installation.port}`;
    browser = await launchBrowser();
    person = await newPerson(browser, { origin });
    await person.page.goto('/');
  });

  after(async () => {
    await browser?.close();
    await installation?.stop();
    installation?.remove();
  });

  test('the first page is alive: paper money, a bot that runs, and its fill', async () => {
    const { page } = person;
    await page.getByTitle('Paper money. Nothing here is real.').waitFor();
    const bot = page.getByRole('link', { name: 'Demo DCA BTC' });
    await bot.waitFor({ timeout: FILL_MS_MAX });
    await bot.click();
    await page.getByRole('heading', { name: 'Why no trade?' }).waitFor();
    await page.getByTestId('candle-chart').waitFor();
    await page.getByRole('tab', { name: 'Fills' }).click();
    await page.getByRole('button', { name: 'Receipt' }).first().waitFor({ timeout: FILL_MS_MAX });
  });

  test('a fill shows why it happened, and its receipt holds in this browser', async () => {
    const { page } = person;
    await page.getByRole('button', { name: 'Receipt' }).first().click();
    await page.getByText(/Your browser checked this just now\. 5 of 5 checks passed\./u).waitFor();
    await page.getByText(/^Because:/u).waitFor();
  });

  test('a forged price fails at the inclusion check, and undoing it heals', async () => {
    const { page } = person;
    await page.getByRole('button', { name: 'Try to forge it' }).click();
    await page.getByLabel('Price in the receipt').fill('1');
    await page.getByRole('button', { name: 'Forge', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'It is in the log' }).waitFor();
    assert.equal(await failedCheck(page), 'inclusion');
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/5 of 5 checks passed/u).waitFor();
    await page.keyboard.press('Escape');
  });

  test('a receipt that the server altered fails loudly at the check that finds it', async () => {
    const { page } = await newPerson(browser, { origin });
    for (const { alter, check } of lies) {
      await page.route('**/api/v1/orders/*/receipt', async (route) => {
        const answer = await route.fetch();
        const body = (await answer.json()) as { proof: string };
        await route.fulfill({ response: answer, json: { ...body, proof: alter(body.proof) } });
      });
      await page.goto('/receipts');
      await page.locator('details > summary').first().click();
      await page.getByRole('alert').first().waitFor();
      assert.equal(await failedCheck(page), check);
      await page.unroute('**/api/v1/orders/*/receipt');
    }
    await page.context().close();
  });

  test('no page has a serious accessibility finding, in dark, light and on a phone', async () => {
    for (const look of [{ scheme: 'dark' }, { scheme: 'light' }, { phone: true }] as const) {
      const { page, context } = await newPerson(browser, { origin, ...look });
      for (const path of pages) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
        await page.waitForLoadState('networkidle').catch(() => undefined);
        assert.deepEqual(await seriousFindings(page), [], `${path} ${JSON.stringify(look)}`);
      }
      await context.close();
    }
  });

  test('a page with an unlabelled field is found by the same check', async () => {
    const { page, context } = await newPerson(browser, { origin });
    await page.goto('/settings');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate('document.querySelector("main").append(document.createElement("input"))');
    assert.deepEqual(await seriousFindings(page), ['label #content > input']);
    await context.close();
  });

  test('nothing is asked of any other host, and the policy lets no script of a stranger run', async () => {
    const { page, context, complaints } = await newPerson(browser, { origin });
    const hosts = new Set<string>();
    page.on('request', (request) => hosts.add(new URL(request.url()).origin));
    for (const path of pages) await page.goto(path);
    assert.deepEqual([...hosts], [origin]);
    const ran = await page
      .evaluate(
        'const s = document.createElement("script"); s.textContent = "window.ran = 1"; document.body.append(s)',
      )
      .then(() => page.evaluate('window.ran'));
    assert.equal(ran, undefined);
    assert.ok(complaints.some((text) => text.includes('Content Security Policy')));
    await context.close();
  });

  test('every word changes with the language, and stays changed', async () => {
    const { page, context } = await newPerson(browser, { origin });
    await page.goto('/settings');
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    await page.reload();
    await page.getByRole('link', { name: 'Übersicht' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    await context.close();
  });

  test('a form in progress survives a reload', async () => {
    const { page, context } = await newPerson(browser, { origin });
    await page.goto('/bots/new');
    await page.getByLabel('Budget').fill('777');
    await page.reload();
    assert.equal(await page.getByLabel('Budget').inputValue(), '777');
    await context.close();
  });

  test('without the network what is shown is marked as old, and comes back by itself', async () => {
    const { page, context } = await newPerson(browser, { origin });
    await page.goto('/bots');
    await page.getByRole('link', { name: /Demo/u }).first().waitFor();
    await context.setOffline(true);
    installation.kill('server');
    await page.getByText('The server does not answer. What you see is old.').waitFor();
    await page.getByRole('link', { name: /Demo/u }).first().waitFor();
    await context.setOffline(false);
    await page
      .getByText('The server does not answer. What you see is old.')
      .waitFor({ state: 'detached', timeout: FILL_MS_MAX });
    await context.close();
  });
});

/** What a lying server may do to a receipt, and the check that finds it. */
const lies = [
  { check: 'form', alter: (proof: string) => proof.replace('tlog-proof', 'tlog-proff') },
  { check: 'inclusion', alter: (proof: string) => proof.replace(/^index (\d+)$/mu, 'index 0') },
  {
    check: 'signature',
    alter: (proof: string) => {
      const at = proof.lastIndexOf('\n', proof.length - 2) - 8;
      const end = proof.length - 4;
      return (
        proof.slice(0, Math.max(at, end)) +
        (proof[Math.max(at, end)] === 'A' ? 'B' : 'A') +
        proof.slice(Math.max(at, end) + 1)
      );
    },
  },
] as const;

async function failedCheck(page: Page): Promise<string | null> {
  return page.locator('[data-check][data-passed="false"]').first().getAttribute('data-check');
}

async function seriousFindings(page: Page): Promise<readonly string[]> {
  // The page's own policy forbids inline scripts; the checker comes in beside it, through the debugger.
  await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    'axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] })' +
      '.then(({ violations }) => violations.filter(({ impact }) => impact === "serious" || impact === "critical")' +
      '.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} ${target.join(" ")}`)))',
  );
  return found as readonly string[];
}
