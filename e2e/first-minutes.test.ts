/** The first five minutes and what follows them, clicked by a person with a passkey on a whole installation. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Locator, Page } from 'playwright-core';
import { type Person, launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { Installation } from './_installation.ts';

/** A 90-day backtest takes about a second alone on a machine. */
const TEST_MS_MAX = 120_000;

describe('the first minutes', { skip: noBrowser, concurrency: false }, () => {
  let installation: Installation;
  let browser: Browser;
  let person: Person;
  let page: Page;

  before(async () => {
    installation = await Installation.start('product', undefined, { presets: true });
    browser = await launchBrowser();
    person = await newPerson(browser, { origin: `http://localhost:${installation.port}` });
    page = person.page;
  });

  after(async () => {
    await browser?.close();
    await installation?.stop();
    installation?.remove();
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

  test('a freeze that is held stops all signing, and a thaw lets it go on', async () => {
    const freeze = page.getByRole('button', { name: 'Freeze', exact: true });
    await freeze.click();
    await page.goto('/security');
    assert.equal(
      await page.getByRole('button', { name: 'Thaw' }).count(),
      0,
      'a click alone does not freeze',
    );
    await hold(page, freeze, 1_300);
    await page.getByText('The vault signs nothing new until you thaw it').waitFor();
    await page.keyboard.press('Escape');
    await page.reload();
    await page.getByRole('button', { name: 'Thaw' }).click();
    await page.getByRole('button', { name: 'Thaw' }).waitFor({ state: 'detached' });
  });

  test('a passkey makes an account, and its recovery key is shown once', async () => {
    await page.goto('/security');
    await page.getByLabel('Your name').fill('Ada');
    await page.getByRole('button', { name: 'Create passkey' }).click();
    const shown = await page.getByTestId('recovery-key').textContent();
    assert.match(shown ?? '', /^(?:[A-Z2-7]{4}-){7}[A-Z2-7]{4}$/u);
    await page.getByRole('button', { name: 'I have written it down' }).click();
    await page.getByText('this browser').waitFor();
    await page.reload();
    assert.equal(await page.getByTestId('recovery-key').count(), 0);
  });

  test('a pasted key is sealed: what is sent holds the secret in no form', async () => {
    const { apiKey, secret } = await keyAtTheExchange(installation.desk.paperAdminUrl);
    const sent: string[] = [];
    page.on('request', (request) =>
      sent.push(request.url(), request.postData() ?? '', JSON.stringify(request.headers())),
    );
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
    assert.ok(sent.length > 0);
    for (const form of formsOf(secret)) assert.ok(!sent.some((text) => text.includes(form)), form);
    // The same search finds what did go out in the clear: the key's id is no secret of the browser's.
    assert.ok(formsOf('pasted').some((form) => sent.some((text) => text.includes(form))));
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

async function keyAtTheExchange(
  adminUrl: string,
): Promise<{ readonly apiKey: string; readonly secret: string }> {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await fetch(`${adminUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    assert.ok(answer.ok, await answer.clone().text());
    return answer.json();
  };
  const { account } = (await post('/accounts', { name: 'pasted', balances: { USDT: '1000' } })) as {
    readonly account: number;
  };
  const key = await post('/keys', {
    account,
    kind: 'hmac',
    permissions: { reading: true, spotTrading: true, withdrawals: false },
    allowedIps: [],
  });
  return key as { readonly apiKey: string; readonly secret: string };
}

/** Raw, hex, base64, base64url, URL-encoded. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    bytes.toString('hex'),
    bytes.toString('base64').replace(/=+$/u, ''),
    bytes.toString('base64url'),
    encodeURIComponent(secret),
  ];
}

function range(count: number, value: (n: number) => string): string {
  return Array.from({ length: count }, (_, n) => value(n)).join(' ');
}

/** As the page writes it, with its narrow spaces left open. */
function grouped(decimal: string): string {
  return decimal.replace(/\B(?=(?:\d{3})+(?:\.|$))/gu, '.?');
}
