/** The first five minutes and what follows them on `npm start`, clicked by a person with a passkey. */
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { type Person, launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { type Sent, capture, formsOf } from './_capture.ts';
import { freePort, removeHome } from './_installation.ts';
import { keyAtTheExchange, paperAdminOf } from './_paper.ts';
import { makeAccount } from './_passkey.ts';
import { type Started, ready, signalGroup, start } from './_start.ts';

/** A 90-day backtest takes about a second alone on a machine, a first fill on the synthetic market a few. */
const TEST_MS_MAX = 120_000;

describe('the first minutes', { skip: noBrowser, concurrency: false }, () => {
  const home = mkdtempSync(join(tmpdir(), 'counterfoil-first-'));
  let started: Started;
  let browser: Browser;
  let person: Person;
  let page: Page;
  let startedAt = 0;
  /** Everything that left the browser, from the first page on. */
  let sent: Sent;

  before(async () => {
    const port = await freePort();
    startedAt = performance.now();
    started = start(['--port', String(port), '--home', home]);
    await ready(started);
    browser = await launchBrowser();
    person = await newPerson(browser, { origin: `http://localhost:${port}` });
    page = person.page;
    sent = await capture(person);
  });

  after(async () => {
    await browser?.close();
    signalGroup(started, 'SIGINT');
    await started.ended;
    removeHome(home);
  });

  test('the page is alive: paper money, a bot that runs, its fill on the chart and in the list', async (t) => {
    await page.goto('/');
    await page.getByTitle('Paper money. Nothing here is real.').waitFor();
    const bot = page.getByRole('link', { name: 'Demo DCA BTC' });
    await bot.waitFor({ timeout: TEST_MS_MAX });
    await bot.click();
    await page.getByTestId('candle-chart').waitFor();
    await page.getByText(/[1-9]\d* fills? shown/u).waitFor({ timeout: TEST_MS_MAX });
    t.diagnostic(`alive ${((performance.now() - startedAt) / 1_000).toFixed(1)} s after npm start`);
  });

  test('a fill says why it happened; its receipt holds here, and no longer once it is forged', async () => {
    await page.getByRole('tab', { name: 'Fills' }).click();
    await page.getByRole('button', { name: 'Receipt' }).first().click();
    await page.getByText(/^Because:/u).waitFor();
    await page.getByText(/Your browser checked this just now\. 5 of 5 checks passed\./u).waitFor();
    await page.getByRole('button', { name: 'Try to forge it' }).click();
    await page.getByLabel('Price in the receipt').fill('1');
    await page.getByRole('button', { name: 'Forge', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: 'It is in the log' }).waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/5 of 5 checks passed/u).waitFor();
    await page.keyboard.press('Escape');
  });

  test('a receipt that was altered on its way fails loudly at the check that finds it', async () => {
    const served = '**/api/v1/orders/*/receipt';
    await page.route(served, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { readonly proof: string };
      const proof = body.proof.replace(/^index (\d+)$/mu, (_, index: string) => `index ${Number(index) + 1}`);
      await route.fulfill({ response: answer, json: { ...body, proof } });
    });
    await page.goto('/receipts');
    await page.locator('main li details > summary').first().click();
    await page.getByRole('alert').filter({ hasText: 'It is in the log' }).waitFor();
    await page.unroute(served);
  });

  test('a bot is built from a preset with a backtest beside it, and runs on paper', async () => {
    await page.goto('/bots/new');
    await page.getByText('Deep', { exact: true }).click();
    await page.getByLabel('Budget').fill('2000');
    await page.getByRole('table', { name: 'Planned orders' }).waitFor();
    await page.getByText('Buy and hold').waitFor({ timeout: TEST_MS_MAX });
    await page.getByRole('button', { name: 'Start in paper' }).click();
    await page.waitForURL(/\/bots\/(?!new)/u);
    await page.getByText('Running').waitFor();
    await page.getByRole('heading', { name: 'Why no trade?' }).waitFor();
  });

  test('a SmartTrade line is dragged, and its field and order follow', async () => {
    await page.goto('/trade');
    const chart = page.getByTestId('candle-chart');
    const stop = page.getByLabel('Stop', { exact: true });
    await page.getByRole('table', { name: 'Planned orders' }).waitFor();
    const before = await stop.inputValue();
    await dragLowestLine(page, chart, 30);
    const dragged = await stop.inputValue();
    assert.ok(Number(dragged) > Number(before), `${before} → ${dragged}`);
    await page.getByRole('button', { name: 'Start in paper' }).click();
    await page.getByRole('cell', { name: 'BTCUSDT by hand' }).first().waitFor();
    await page
      .getByRole('cell', { name: new RegExp(grouped(dragged), 'u') })
      .first()
      .waitFor();
  });

  test('a sweep is cancelled and resumed from the tray', async () => {
    await page.goto('/backtests');
    await page.getByText('Sweep two settings').click();
    await page.getByLabel('/takeProfit/steps/0/percent').fill(range(40, (n) => (0.5 + n / 20).toFixed(2)));
    await page.getByLabel('/averaging/ladder/deviation').fill(range(40, (n) => (0.5 + n / 20).toFixed(2)));
    await page.getByRole('button', { name: 'Start sweep' }).click();
    await page.getByRole('button', { name: /^Jobs/u }).click();
    const tray = page.getByRole('dialog');
    const sweep = tray.getByRole('listitem').filter({ hasText: 'sweep' }).first();
    await sweep.getByRole('button', { name: 'Cancel' }).click();
    await sweep.getByText('Cancelled').waitFor();
    await sweep.getByRole('button', { name: 'Resume' }).click();
    await sweep.getByText(/Running|Waiting|Done/u).waitFor();
    await sweep.getByRole('button', { name: 'Cancel' }).click();
    await page.keyboard.press('Escape');
  });

  test('a passkey makes an account, and its recovery key is shown once', async () => {
    assert.match((await makeAccount(page, 'Ada')).recoveryKey, /^(?:[A-Z2-7]{4}-){7}[A-Z2-7]{4}$/u);
    await page.reload();
    assert.equal(await page.getByTestId('recovery-key').count(), 0);
  });

  test('a pasted key is sealed: what is sent holds the secret in no form', async () => {
    const { apiKey, secret } = await keyAtTheExchange(await paperAdminOf(started.child.pid ?? 0));
    await page.goto('/connect');
    await page.getByText('Sealed in your browser').click();
    await page.getByLabel('Label').fill('pasted');
    await page.getByLabel('API key id').fill(apiKey);
    await page.getByLabel('API secret or private key').fill(secret);
    await page.getByRole('button', { name: 'Lock it' }).click();
    await page.getByText('Locked. The web server cannot read it.').waitFor();
    assert.equal(await page.locator('textarea').count(), 0);
    await page.getByRole('button', { name: '4. Check' }).click();
    await page.getByText('cannot withdraw').waitFor();
    const { found, searched } = await sent.holding(formsOf(secret));
    assert.deepEqual(found, []);
    assert.ok(searched > 100, `${searched} requests`);
    // The same search finds what did go out in the clear: the label, and the key's id inside the vault's answer.
    assert.deepEqual((await sent.holding(formsOf('pasted'))).found.slice(0, 1), ['pasted']);
    const kept = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])');
    for (const form of formsOf(secret)) assert.ok(!kept.includes(form), form);
  });

  test('a key is made in the vault, and this browser alone can read what it does', async () => {
    await page.goto('/connect');
    await page.getByText('Made in the vault', { exact: true }).click();
    await page.getByLabel('Label').fill('born here');
    await page.getByRole('button', { name: 'Make key pair' }).click();
    await page.getByText('cannot withdraw').waitFor();
    assert.match((await page.getByTestId('public-key').textContent()) ?? '', /BEGIN PUBLIC KEY/u);
    let keys: readonly string[] = [];
    for (let look = 0; look < 600 && keys.length < 2; look++) {
      await page.waitForTimeout(100);
      keys = await page.evaluate<readonly string[]>(
        'Object.entries(localStorage).filter(([name]) => name.startsWith("counterfoil-view-key-")).map(([, key]) => key)',
      );
    }
    assert.ok(keys.length === 2 && keys.every((key) => /^[0-9a-f]{64}$/u.test(key)), keys.join());
    for (const key of keys) assert.deepEqual((await sent.holding([key])).found, []);
  });

  test('the language changes, and stays', async () => {
    await page.goto('/settings');
    await page.getByLabel('Language').selectOption('de');
    await page.getByRole('heading', { name: 'Einstellungen' }).waitFor();
    await page.reload();
    await page.getByLabel('Sprache').selectOption('en');
    await page.getByRole('heading', { name: 'Settings' }).waitFor();
  });

  test('with an account, a held freeze stops all signing, and only the passkey thaws', async () => {
    await page.goto('/security');
    const freeze = page.getByRole('button', { name: 'Freeze', exact: true });
    const thaw = page.getByRole('button', { name: 'Thaw' });
    await freeze.click();
    await page.getByText('Custody').waitFor();
    assert.equal(await thaw.count(), 0, 'a click alone does not freeze');
    await hold(page, freeze, 1_300);
    await page.getByText('The vault signs nothing new until you thaw it').waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await thaw.waitFor();

    await person.confirms(false);
    await thaw.click();
    await page.waitForResponse('**/api/v1/security/challenges').catch(() => undefined);
    await page.waitForTimeout(500);
    assert.equal(await thaw.count(), 1, 'without its person the passkey thaws nothing');
    const bare = await person.context.request.post('/api/v1/security/thaw', {
      headers: { origin: new URL(page.url()).origin, 'idempotency-key': crypto.randomUUID() },
      data: { scope: 'user', connection: null, assertion: null },
    });
    assert.match(await bare.text(), /not-approved/u, 'the gate thaws nothing without an assertion');

    await person.confirms(true);
    await thaw.click();
    await thaw.waitFor({ state: 'detached', timeout: 60_000 });
  });

  test('nothing on the way was an uncaught fault', () => {
    assert.deepEqual(person.complaints, []);
  });
});

async function hold(page: Page, button: Locator, ms: number): Promise<void> {
  const box = await button.boundingBox();
  assert.ok(box !== null);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.waitForTimeout(ms);
  await page.mouse.up();
}

/** The pointer says where a line can be taken; the lowest one is the stop of a long trade. */
async function dragLowestLine(page: Page, chart: Locator, upPx: number): Promise<void> {
  const box = await chart.boundingBox();
  assert.ok(box !== null);
  const x = box.x + 200;
  for (let y = box.y + box.height - 30; y > box.y; y -= 3) {
    await page.mouse.move(x, y);
    if ((await chart.getAttribute('style'))?.includes('ns-resize') !== true) continue;
    await page.mouse.down();
    await page.mouse.move(x, y - upPx / 2);
    await page.mouse.move(x, y - upPx);
    await page.mouse.up();
    return;
  }
  assert.fail('no line on the chart can be taken');
}

function range(count: number, value: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => value(n)).join(' ');
}

/** As the page writes it, with its narrow spaces left open. */
function grouped(decimal: string): string {
  return decimal.replace(/\B(?=(?:\d{3})+(?:\.|$))/gu, '.?');
}
