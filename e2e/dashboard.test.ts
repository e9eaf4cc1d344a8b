/** The dashboard on a whole installation: lied to, read by machines, kept to itself, cut off. */
import assert from 'node:assert/strict';
import axe from 'axe-core';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Person, launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { disownedTrade } from './_foreign-trade.ts';
import { Installation } from './_installation.ts';
import { openScreen, screens, settled } from './_screens.ts';

const pages = screens.filter(({ open }) => open === undefined);

/** Time for a first fill on the synthetic market of a loaded machine. */
const FILL_MS_MAX = 120_000;

describe('the dashboard', { skip: noBrowser, concurrency: false }, () => {
  let installation: Installation;
  let browser: Browser;
  let origin = '';
  let person: Person;
  let bot = '';

  before(async () => {
    installation = await Installation.start('product', undefined, { presets: true });
    origin = `http://localhost:${installation.port}`;
    browser = await launchBrowser();
    person = await newPerson(browser, { origin });
    const { page } = person;
    await page.goto('/');
    const link = page.getByRole('link', { name: 'Demo DCA BTC' });
    bot = (await link.getAttribute('href', { timeout: FILL_MS_MAX }))?.split('/').at(-1) ?? '';
    await link.click();
    await page.getByRole('tab', { name: 'Fills' }).click();
    await page.getByRole('button', { name: 'Receipt' }).first().waitFor({ timeout: FILL_MS_MAX });
    await disownedTrade(origin);
  });

  after(async () => {
    await browser?.close();
    await installation?.stop();
    installation?.remove();
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
      await page.locator('main li details > summary').first().click();
      await page.getByRole('alert').first().waitFor();
      assert.equal(await failedCheck(page), check);
      await page.unroute('**/api/v1/orders/*/receipt');
    }
    await page.context().close();
  });

  test('no page has a serious accessibility finding, in dark, light and on a phone', async () => {
    for (const look of [{ scheme: 'dark' }, { scheme: 'light' }, { phone: true }] as const) {
      const { page, context } = await newPerson(browser, { origin, ...look });
      // Panels look the same by light and on a phone; their contents are pages elsewhere.
      const shown = 'scheme' in look && look.scheme === 'dark' ? screens : pages;
      for (const screen of shown) {
        await openScreen(page, screen, bot);
        await settled(page);
        assert.deepEqual(await seriousFindings(page), [], `${screen.name} ${JSON.stringify(look)}`);
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
    for (const screen of pages) await openScreen(page, screen, bot);
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
