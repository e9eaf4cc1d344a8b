/** Every answer of every screen, and everything that can be done on one, failed in every way that there is. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { noBrowser } from './_browser.ts';
import { deeds } from './_deeds.ts';
import { failures, silentErrors, silentRefusals } from './_screen-states.ts';
import { ScreenWalk } from './_screen-walk.ts';
import { screens } from './_screens.ts';

describe('every screen, failed in every way', { skip: noBrowser, concurrency: false }, () => {
  let walk: ScreenWalk;

  before(async () => {
    walk = await ScreenWalk.begin();
    assert.deepEqual(await walk.look(), []);
  });
  after(async () => {
    await walk?.end();
  });

  test('says every failure of every answer that it reads', async (t) => {
    const silent: string[] = [];
    const answers = screens.flatMap((screen) => walk.readsOf(screen).map((route) => ({ screen, route })));
    await walk.each(answers, async (page, { screen, route }) => {
      silent.push(...(await silentErrors(page, screen, walk.bot, route, failures)));
    });
    t.diagnostic(`${answers.length} answers, ${answers.length * failures.length} failures`);
    assert.deepEqual(silent, []);
  });

  test('says every failure of everything that is done on it', async (t) => {
    const silent: string[] = [];
    for (const deed of deeds.filter(({ passkey }) => passkey === true)) {
      const { page } = walk.person;
      silent.push(...(await silentRefusals(page, deed, walk.bot, failures)));
      await page.unrouteAll({ behavior: 'ignoreErrors' });
    }
    await walk.each(
      deeds.filter(({ passkey }) => passkey !== true),
      async (page, deed) => {
        silent.push(...(await silentRefusals(page, deed, walk.bot, failures)));
      },
    );
    t.diagnostic(`${deeds.length} deeds, ${deeds.length * failures.length} failures`);
    assert.deepEqual(silent, []);
  });
});
