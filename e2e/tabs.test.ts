/** Reload, two tabs, a lost answer and a restarted server: no wrong balance, no order twice, no form lost. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { AnswerOf, RouteName } from '@counterfoil/api';
import type { Browser, Page, Route } from 'playwright-core';
import { type Person, launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { Installation } from './_installation.ts';

const AWAY = 'The server does not answer. What you see is old.';
const CREATE = '**/api/v1/smart-trades';
/** A restart of the server on a loaded machine. */
const BACK_MS_MAX = 120_000;

describe('two tabs, a reload, a restart', { skip: noBrowser, concurrency: false }, () => {
  let installation: Installation;
  let browser: Browser;
  let person: Person;
  let page: Page;

  before(async () => {
    installation = await Installation.start('product', undefined, { presets: true });
    browser = await launchBrowser();
    person = await newPerson(browser, { origin: `http://localhost:${installation.port}` });
    page = person.page;
    await page.goto('/');
    await page.getByRole('link', { name: 'Demo DCA BTC' }).waitFor({ timeout: BACK_MS_MAX });
  });

  after(async () => {
    await browser?.close();
    await installation?.stop();
    installation?.remove();
  });

  test('a double click starts one trade', async () => {
    const before = await tradeCount(page);
    const start = await tradeReady(page);
    // Until it is answered, a start from the same form is the same trade.
    const answered = page.waitForResponse(
      (answer) => answer.request().method() === 'POST' && answer.url().endsWith('/api/v1/smart-trades'),
    );
    await start.dblclick();
    await answered;
    await tradesBecome(page, before + 1);
  });

  test('a start without an answer, repeated after a reload, is one trade', async () => {
    const before = await tradeCount(page);
    await loseAnswer(page);
    await (await tradeReady(page)).click();
    await page.getByText(/The server on this machine does not answer/u).waitFor();
    await page.unroute(CREATE);
    assert.equal(await tradeCount(page), before + 1, 'it had arrived');
    await page.reload();
    await (await tradeReady(page, false)).click();
    // The stored answer empties the form: a button that may be pressed again is that of the next trade.
    await page.getByText(/The server on this machine does not answer/u).waitFor({ state: 'detached' });
    await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
    assert.equal(await tradeCount(page), before + 1);
  });

  test('the same order from a tab and its copy at once is one trade', async () => {
    const before = await tradeCount(page);
    const start = await tradeReady(page);
    const copy = await copyOf(page);
    const startThere = await tradeReady(copy, false);
    await Promise.all([start.click(), startThere.click()]);
    await tradesBecome(page, before + 1);
    await page.waitForLoadState('networkidle', { timeout: 2_000 }).catch(() => undefined);
    assert.equal(await tradeCount(page), before + 1);
    await copy.close();
  });

  test('without the page’s key for a write, the same clicks are two trades', async () => {
    const before = await tradeCount(page);
    const start = await tradeReady(page);
    const copy = await copyOf(page);
    const startThere = await tradeReady(copy, false);
    for (const tab of [page, copy]) {
      await tab.route(CREATE, (route) => {
        if (route.request().method() !== 'POST') return route.continue();
        return route.continue({
          headers: { ...route.request().headers(), 'idempotency-key': crypto.randomUUID() },
        });
      });
    }
    await Promise.all([start.click(), startThere.click()]);
    await tradesBecome(page, before + 2);
    await page.unroute(CREATE);
    await copy.close();
  });

  test('a bot of the wizard whose start got no answer is one bot after a reload', async () => {
    const before = (await read(page, 'listBots', '/bots?limit=200')).items.length;
    await page.goto('/bots/new');
    await page.getByLabel('Budget').fill('1500');
    await loseAnswer(page, '**/api/v1/bots');
    const start = page.getByRole('button', { name: 'Start in paper' });
    await start.click();
    await page.getByText(/The server on this machine does not answer/u).waitFor();
    await page.unroute('**/api/v1/bots');
    await page.reload();
    await start.click();
    await page.waitForURL(/\/bots\/(?!new)/u);
    await page.getByText('Running').waitFor();
    assert.equal((await read(page, 'listBots', '/bots?limit=200')).items.length, before + 1);
  });

  test('what one tab does, the other shows by itself', async () => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Demo DCA BTC' }).click();
    const other = await person.context.newPage();
    await other.goto(page.url());
    await other.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await other.getByText('Paused').waitFor();
    await other.getByRole('button', { name: 'Start' }).click();
    await page.getByText('Running').waitFor();
    await other.close();
  });

  test('forms in progress outlast a restart of the server and a reload; a secret does not', async () => {
    await page.goto('/bots/new');
    await page.getByLabel('Budget').fill('777');
    const trade = await person.context.newPage();
    await trade.goto('/trade');
    await trade.getByRole('table', { name: 'Planned orders' }).waitFor();
    await trade.getByLabel('Quantity').fill('0.0123');
    const connect = await person.context.newPage();
    await connect.goto('/connect');
    await connect.getByText('Sealed in your browser').click();
    await connect.getByLabel('Label').fill('my exchange');
    await connect.getByLabel('API key id').fill('key-id-0001');
    await connect.getByLabel('API secret or private key').fill('a secret of many letters');

    installation.kill('server');
    await page.getByText(AWAY).waitFor();
    assert.equal(await page.getByLabel('Budget').inputValue(), '777');
    await page.getByText(AWAY).waitFor({ state: 'detached', timeout: BACK_MS_MAX });

    for (const tab of [page, trade, connect]) await tab.reload();
    assert.equal(await page.getByLabel('Budget').inputValue(), '777');
    assert.equal(await trade.getByLabel('Quantity').inputValue(), '0.0123');
    assert.equal(await connect.getByLabel('Label').inputValue(), 'my exchange');
    assert.equal(await connect.getByLabel('API key id').inputValue(), 'key-id-0001');
    assert.equal(await connect.getByLabel('API secret or private key').inputValue(), '');
    const kept = await connect.evaluate<string>(
      'JSON.stringify([{ ...localStorage }, { ...sessionStorage }])',
    );
    assert.ok(kept.includes('key-id-0001') && !kept.includes('a secret of many letters'));
    await trade.close();
    await connect.close();
  });

  test('a balance is the server’s, or marked as old, through a restart and a reload', async () => {
    await page.goto('/');
    const worth = page.getByText(/^\d{1,3}(?:\D\d{3})*\.\d+ USDT$/u).first();
    await worth.waitFor();
    installation.kill('server');
    await page.getByText(AWAY).waitFor();
    const kept = await worth.textContent();
    await page
      .getByText(/^As of .*The connection is lost/u)
      .first()
      .waitFor();
    assert.equal(await worth.textContent(), kept, 'nothing moves while nobody knows');
    await page.reload().catch(() => undefined);
    await page.getByText(AWAY).waitFor({ state: 'detached', timeout: BACK_MS_MAX });
    await installation.well();
    // A browser reloads its own error page, too, and then one of the two reloads gives way.
    await page.reload().catch(() => page.reload());
    await worth.waitFor();
    // What is shown is one of the server's answers, never something in between.
    const said: string[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('/api/v1/portfolio'))
        void response.json().then(({ worth: value }: { worth: string }) => said.push(digits(value)));
    });
    for (let look = 0; look < 10; look++) {
      await page.reload();
      await worth.waitFor();
      const shown = digits((await worth.textContent()) ?? '');
      assert.ok(
        said.some((value) => value.startsWith(shown)),
        `${shown} of ${said.join(' ')}`,
      );
    }
  });
});

const digits = (text: string): string => text.replace(/[^\d.]/gu, '');

async function read<Name extends RouteName>(page: Page, _name: Name, path: string): Promise<AnswerOf<Name>> {
  return page.evaluate<AnswerOf<Name>>(`fetch('/api/v1${path}').then((answer) => answer.json())`);
}

async function tradeCount(page: Page): Promise<number> {
  return (await read(page, 'listSmartTrades', '/smart-trades?limit=200')).items.length;
}

async function tradesBecome(page: Page, count: number): Promise<void> {
  const end = Date.now() + 30_000;
  while ((await tradeCount(page)) < count && Date.now() < end) await page.waitForTimeout(50);
  assert.equal(await tradeCount(page), count);
}

/** The start button of a trade whose form is whole; `fresh` opens the page first. */
async function tradeReady(page: Page, fresh = true) {
  if (fresh) await page.goto('/trade');
  await page.getByRole('table', { name: 'Planned orders' }).waitFor();
  const start = page.getByRole('button', { name: 'Start in paper' });
  await start.and(page.locator(':enabled')).waitFor();
  return start;
}

/** The server gets the write and acts; its answer is lost. */
async function loseAnswer(page: Page, url = CREATE): Promise<void> {
  await page.route(url, async (route: Route) => {
    if (route.request().method() !== 'POST') return route.continue();
    await route.fetch();
    return route.abort();
  });
}

/** A tab's copy, with what its session storage holds, as *Duplicate tab* makes it. */
async function copyOf(page: Page): Promise<Page> {
  const opened = page.context().waitForEvent('page');
  await page.evaluate('window.open(location.href)');
  return opened;
}
