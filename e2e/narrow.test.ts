/** Every screen on the narrowest phone, in the language of the longest words too: nothing is cut off or too wide. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { noBrowser } from './_browser.ts';
import { anonymous, demo, everything, replacedKey, unregisteredKey, withItem } from './_given.ts';
import { NARROW_PX, whatDoesNotFit } from './_narrow.ts';
import { plant } from './_screen-states.ts';
import { ScreenWalk } from './_screen-walk.ts';
import { openScreen, settled, unfolded } from './_screens.ts';

const HEIGHT_PX = 640;
const languages = ['en', 'de'] as const;

describe('on the narrowest phone', { skip: noBrowser, concurrency: false }, () => {
  let walk: ScreenWalk;

  before(async () => {
    walk = await ScreenWalk.begin();
  });
  after(async () => {
    await walk?.end();
  });

  test('every screen fits, with something in every list, in both languages', async () => {
    const found: string[] = [];
    await walk.each(unfolded, async (page, screen) => {
      await plant(page, everything);
      await page.setViewportSize({ width: NARROW_PX, height: HEIGHT_PX });
      await openScreen(page, screen, walk.bot);
      await settled(page);
      found.push(...(await findings(page, screen.name)));
    });
    assert.deepEqual(found, []);
  });

  test('so do the pages of who is not signed in, of a key half made, and of errors', async () => {
    const { page } = await walk.newWindow();
    await page.setViewportSize({ width: NARROW_PX, height: HEIGHT_PX });
    const found: string[] = [];
    const visit = async (name: string, path: string): Promise<void> => {
      await page.goto(path);
      await page.getByRole('heading').first().waitFor();
      await page.waitForLoadState('networkidle');
      found.push(...(await findings(page, name)));
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    };
    await plant(page, { getSession: anonymous });
    await visit('sign in', '/');
    await plant(page, { getSession: demo });
    await visit('keep this', '/security');
    await plant(page, { listConnections: withItem(unregisteredKey) });
    await visit('key half made', '/connect');
    await plant(page, { listConnections: withItem(replacedKey) });
    await visit('key that gives way', `/connections/${replacedKey.id}`);
    await page.route('**/api/v1/**', (route) => route.abort());
    await visit('errors', '/trade');
    assert.deepEqual(found, []);
  });

  test('what is too wide, and what is cut off, is found by the same look', async () => {
    const { page } = await walk.newWindow();
    await page.setViewportSize({ width: NARROW_PX, height: HEIGHT_PX });
    await page.goto('/settings');
    await settled(page);
    await page.evaluate(`for (const [text, style] of [
      ['wide', { width: '400px' }],
      ['cut', { width: '60px', overflow: 'hidden', whiteSpace: 'nowrap' }],
      ['spilt', { width: '60px', whiteSpace: 'nowrap' }],
    ]) {
      const box = document.createElement('div');
      box.textContent = text + ' words that go on';
      Object.assign(box.style, style);
      document.querySelector('main').append(box);
    }`);
    const found = await whatDoesNotFit(page);
    for (const one of [
      'the page scrolls sideways',
      'beyond the edge: div “wide words that go on”',
      'cut off: div “cut words that go on”',
      'spills out: div “spilt words that go on”',
    ])
      assert.ok(found.includes(one), `${one} in ${found.join(', ')}`);
  });
});

/** The page in each language, changed under the reader as another tab of theirs would. */
async function findings(page: Page, name: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const language of languages) {
    await page.evaluate(`localStorage.setItem('counterfoil-display', JSON.stringify({ language: '${language}' }));
      dispatchEvent(new StorageEvent('storage', { key: 'counterfoil-display' }));`);
    await page.locator(`html[lang=${language}]`).waitFor();
    found.push(...(await whatDoesNotFit(page)).map((one) => `${name}, ${language}: ${one}`));
  }
  await page.evaluate(`localStorage.removeItem('counterfoil-display')`);
  return found;
}
