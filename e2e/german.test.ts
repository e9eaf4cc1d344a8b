/** Every screen in German, with bots that traded and something of every kind done: nothing of it is in English. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ApiClient, apiClient } from '@counterfoil/api';
import type { Page } from 'playwright-core';
import { noBrowser } from './_browser.ts';
import { englishOn, hearServer } from './_english.ts';
import { plant } from './_screen-states.ts';
import { ScreenWalk } from './_screen-walk.ts';
import { type Screen, openScreen, settled, unfolded } from './_screens.ts';

const SYMBOL = 'BTCUSDT';

const result = (name: string, which: 'first' | 'last'): Screen => ({
  name,
  path: '/backtests',
  open: (page) => page.getByRole('button', { name: 'Show' })[which]().click(),
  at: 'main',
  empty: [],
});

const refused: Screen = {
  name: 'wizard, refused',
  path: '/bots/new',
  open: async (page) => {
    await page.getByLabel('Budget').fill('1');
    await page
      .getByText(/the smallest order there is/u)
      .first()
      .waitFor();
  },
  at: 'main',
  empty: [],
};

const all = [...unfolded, refused, result('sweep, result', 'first'), result('backtest, result', 'last')];

describe('the page in German', { skip: noBrowser, concurrency: false }, () => {
  let walk: ScreenWalk;

  before(async () => {
    walk = await ScreenWalk.begin();
    await doSomethingOfEveryKind(walk);
  });
  after(async () => {
    await walk?.end();
  });

  test('says nothing in English on any screen', async () => {
    const found: string[] = [];
    await walk.each(all, async (page, screen) => {
      const heard = hearServer(page);
      await openScreen(page, screen, walk.bot);
      await settled(page);
      await inGerman(page);
      found.push(...(await englishOn(page, heard)).map((text) => `${screen.name}: ${text}`));
      assert.ok(heard.size > 0 || screen.name === 'welcome', `${screen.name} heard the server`);
      await inEnglish(page);
    });
    assert.deepEqual(found, []);
  });

  test('a sentence without its saying, as rows of before have it, is shown, marked as English, and found', async () => {
    const { page } = await walk.newWindow();
    const heard = hearServer(page);
    await plant(page, { getSecurity: (was) => ({ ...was, custody: { ...was.custody, said: null } }) });
    await page.goto('/security');
    await settled(page);
    await inGerman(page);
    const [sentence = ''] = [...heard].filter((one) =>
      /in the vault; (?:none can|it cannot) be read/u.test(one),
    );
    assert.equal(await page.getByText(sentence, { exact: true }).getAttribute('lang'), 'en');
    assert.deepEqual(await englishOn(page, heard), [sentence]);
    assert.deepEqual(await englishOn(page, new Set()), [sentence]);
  });
});

/** In place, as another tab of the reader's would change it. */
async function inGerman(page: Page): Promise<void> {
  await page.evaluate(`localStorage.setItem('counterfoil-display', JSON.stringify({ language: 'de' }));
    dispatchEvent(new StorageEvent('storage', { key: 'counterfoil-display' }));`);
  await page.locator('html[lang=de]').waitFor();
}

async function inEnglish(page: Page): Promise<void> {
  await page.evaluate(`localStorage.removeItem('counterfoil-display')`);
}

/** Really done, so that activity, notices, jobs and what stands in a bot's way have their sentences from the server. */
async function doSomethingOfEveryKind({ person, installation, bot }: ScreenWalk): Promise<void> {
  const origin = `http://localhost:${installation.port}`;
  const api = apiClient(async (path, { method, headers, body }) => {
    const answer = await person.context.request.fetch(path, {
      method,
      headers: { ...headers, origin },
      ...(body === undefined ? {} : { data: body }),
    });
    const text = await answer.text();
    return { status: answer.status(), text: async () => text };
  });
  const params = { bot };
  const key = (): { readonly idempotencyKey: string } => ({ idempotencyKey: crypto.randomUUID() });
  const { plan, connection } = await api.getBot({ params });
  await api.createBot({ body: { name: 'Zweiter', connection, plan }, ...key() });
  await api.pauseBot({ params, ...key() });
  await api.startBot({ params, ...key() });
  const { items: sets } = await api.listDataSets();
  const set = sets.find(({ symbol }) => symbol === SYMBOL);
  assert.ok(set !== undefined);
  const data = {
    dataSet: set.id,
    from: null,
    until: null,
    fee: '0.1',
    slippage: '0.01',
    quote: '1000',
    base: '0',
  };
  const axes = [{ path: '/takeProfit/steps/0/percent', values: ['0.5', '1'] }];
  for (const job of [
    await api.createBacktest({ body: { plan, ...data }, ...key() }),
    await api.createSweep({ body: { plan, ...data, axes, randomCount: null, seed: 1 }, ...key() }),
  ])
    await ended(api, job.id);
  await api.freeze({ body: { scope: 'connection', connection, depth: 'noNewPositions' }, ...key() });
}

async function ended(api: ApiClient, job: string): Promise<void> {
  for (;;) {
    const { state, error } = await api.getJob({ params: { job } });
    if (state === 'done') return;
    assert.ok(state === 'waiting' || state === 'running', error ?? state);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
