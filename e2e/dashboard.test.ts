/** The dashboard on a whole installation: lied to, read by machines, kept to itself, cut off. */
import assert from 'node:assert/strict';
import type { AnswerOf, Notice, Order } from '@counterfoil/api';
import axe from 'axe-core';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { type Person, launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { disownedTrade } from './_foreign-trade.ts';
import { unreadNotice } from './_given.ts';
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

  test('what needs the reader leads to where one acts, and a freeze that was lifted needs nobody', async () => {
    const { page, context } = await newPerson(browser, { origin });
    const of = (id: string, part: Partial<Notice>): Notice => ({ ...unreadNotice, id, ...part });
    const frozen = {
      subject: 'Trading is frozen',
      subjectSaid: { code: 'trading-frozen', values: {} },
    } as const;
    const thawed = {
      subject: 'Nothing is frozen any more',
      subjectSaid: { code: 'nothing-frozen-any-more', values: {} },
    } as const;
    const refused = of('4', { security: false, level: 'check', subject: 'Demo DCA BTC', bot });
    const needed = async (items: readonly Notice[]): Promise<readonly string[]> => {
      await page.route('**/api/v1/notices?**', (route) => route.fulfill({ json: { items, next: null } }));
      await page.goto('/');
      const card = page.getByRole('region', { name: 'Needs you' });
      await card
        .getByText(/has no receipt|Nothing needs you/u)
        .first()
        .waitFor();
      const places = await card.getByRole('link').all();
      const found = await Promise.all(
        places.map(async (place) => `${await place.textContent()} ${await place.getAttribute('href')}`),
      );
      await page.unroute('**/api/v1/notices?**');
      return found;
    };
    assert.deepEqual(await needed([refused, of('3', frozen), of('2', frozen)]), [
      'Open Security /security',
      `Open Demo DCA BTC /bots/${bot}`,
    ]);
    assert.deepEqual(await needed([of('3', thawed), of('2', frozen)]), []);
    await context.close();
  });

  test('the rail marks the page that is open, in dark and in light', async () => {
    for (const scheme of ['dark', 'light'] as const) {
      const { page, context } = await newPerson(browser, { origin, scheme });
      await page.goto('/bots');
      const rail = page.getByRole('navigation').getByRole('link');
      await rail.first().waitFor();
      const bars = await page.evaluate<readonly boolean[]>(
        '[...document.querySelector("nav").querySelectorAll("a")].map((link) => getComputedStyle(link).boxShadow !== "none")',
      );
      const names = await rail.allTextContents();
      assert.deepEqual(
        names.filter((_, at) => bars[at]),
        ['Bots'],
      );
      await context.close();
    }
  });

  test('a bot’s strip says of each order what became of it, and shows it by shape', async () => {
    const { page, context } = await newPerson(browser, { origin });
    const answer = await fetch(`${origin}/api/v1/orders?bot=${bot}&limit=1`);
    const [order] = ((await answer.json()) as AnswerOf<'listOrders'>).items;
    assert.ok(order !== undefined);
    const became = [
      { state: 'rejected', refusal: 'Filter failure: NOTIONAL' },
      { state: 'cancelled' },
      { state: 'cancelled', filledQuantity: '0.0004' },
      { state: 'acknowledged' },
      { state: 'filled', filledQuantity: '0.001', side: 'sell' },
    ] as const;
    const items = became.map((part, at): Order => ({
      ...order,
      id: `${bot}.${at + 1}`,
      side: 'buy',
      filledQuantity: '0',
      ...part,
    }));
    await page.route(`**/api/v1/orders?bot=${bot}&**`, (route) =>
      route.fulfill({ json: { items, next: null } }),
    );
    await page.goto('/');
    const strip = page.getByRole('img', { name: /^The last 5 orders/u });
    await strip.waitFor();
    assert.equal(
      await strip.getAttribute('aria-label'),
      'The last 5 orders, oldest first: 1 bought, 1 sold, 1 open, 1 withdrawn, 1 refused.',
    );
    const marks = strip.locator('[title]');
    const looks = await page.evaluate<readonly string[]>(
      `[...document.querySelectorAll('[aria-label^="The last 5 orders"] [title]')].map((mark) => {
        const { y, height } = mark.getBoundingClientRect();
        return y + ' ' + height + ' ' + getComputedStyle(mark).borderTopWidth;
      })`,
    );
    assert.equal(new Set(looks).size, became.length, looks.join('; '));
    assert.match(String(await marks.last().getAttribute('title')), /Filter failure: NOTIONAL$/u);
    await context.close();
  });

  test('a line of what happened names who did it once', async () => {
    const { page, context } = await newPerson(browser, { origin });
    await page.goto('/');
    const line = page.getByRole('region', { name: 'Activity' }).getByRole('listitem');
    await line.first().waitFor();
    const ada = 'Ada Lovelace';
    const deed = {
      id: 'deed',
      at: new Date().toISOString(),
      who: { kind: 'person', name: ada },
      what: 'thawed',
      sentence: `${ada} thawed everything.`,
      said: { code: 'thawed', values: { who: ada, scope: 'everything', connection: '' } },
      address: null,
    };
    await page.route('**/api/v1/activity?**', (route) =>
      route.fulfill({ json: { items: [deed], next: null } }),
    );
    await page.reload();
    const told = await line.filter({ hasText: ada }).textContent();
    assert.equal(told?.split(ada).length, 2, told ?? 'nothing');
    await context.close();
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
