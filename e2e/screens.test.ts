/**
 * Every screen in one state of each kind: loading, empty, failed, cut off, stale, and well again; everything that can
 * be done on one, refused. Each answer and each deed failed in every way is `screens.long.test.ts`.
 */
import assert from 'node:assert/strict';
import { readFileSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type RouteName, routes } from '@counterfoil/api';
import { de } from '../packages/web/src/messages/de.ts';
import { en } from '../packages/web/src/messages/en.ts';
import { noBrowser } from './_browser.ts';
import { deeds } from './_deeds.ts';
import {
  type Failure,
  failures,
  missingWhenEmpty,
  refuseWith,
  saysLoading,
  saysUnreachable,
  silentErrors,
  silentRefusals,
  staleMark,
} from './_screen-states.ts';
import { ScreenWalk } from './_screen-walk.ts';
import { openScreen, screens, settled } from './_screens.ts';

/** Failures in turn, so that a walk uses each as often as any other. */
function turns(): () => Failure {
  let turn = 0;
  return () => failures[turn++ % failures.length] ?? 'fault';
}

const bots = screens.find(({ name }) => name === 'bots') ?? failed();

describe('every screen', { skip: noBrowser, concurrency: false }, () => {
  let walk: ScreenWalk;

  before(async () => {
    walk = await ScreenWalk.begin();
  });
  after(async () => {
    await walk?.end();
  });

  test('well, complains of nothing', async () => {
    assert.deepEqual(await walk.look(), []);
  });

  test('loading, says so where its answers will stand', async () => {
    const silent: string[] = [];
    await walk.each(screens, async (page, screen) => {
      if (!(await saysLoading(page, screen, walk.bot, walk.readsOf(screen)))) silent.push(screen.name);
    });
    assert.deepEqual(silent, []);
  });

  test('empty, says what would be there and what to do', async () => {
    const missing: string[] = [];
    const lists = screens.filter(({ empty }) => empty.length > 0);
    await walk.each(lists, async (page, screen) => {
      missing.push(...(await missingWhenEmpty(page, screen, walk.bot)));
    });
    assert.deepEqual(missing, []);
  });

  test('says that an answer failed, and the list of bots in every way that there is', async () => {
    const next = turns();
    const silent: string[] = [];
    await walk.each([...screens.entries()], async (page, [at, screen]) => {
      const reads = walk.readsOf(screen);
      const route = reads[at % reads.length];
      assert.ok(route !== undefined);
      const ways = screen === bots ? failures : [next()];
      silent.push(...(await silentErrors(page, screen, walk.bot, route, ways)));
    });
    assert.deepEqual(silent, []);
  });

  test('in German, says what each code means in German, and the server’s own words below it', async () => {
    const { page, context } = await walk.newWindow();
    await page.addInitScript(`localStorage.setItem('counterfoil-display', '{"language":"de"}')`);
    assert.deepEqual(await silentErrors(page, bots, walk.bot, 'listBots', failures, de), []);
    await context.close();
  });

  test('says what the gate refused, and the title of a code that it does not know', async () => {
    const { page, context } = await walk.newWindow();
    const check = '**/api/v1/connections/*/check';
    await page.goto('/security');
    for (const [said, meaning, code] of [
      [
        { code: 'refused', refusal: 'key-can-withdraw' },
        en['refusal.key-can-withdraw'],
        'refused: key-can-withdraw',
      ],
      [
        { code: 'of-tomorrow', title: 'What only a newer page knows' },
        'What only a newer page knows',
        'of-tomorrow',
      ],
    ] as const) {
      await page.route(check, (route) => refuseWith(route, said));
      await page.getByRole('button', { name: 'Check now' }).first().click();
      await page.getByRole('alert').filter({ hasText: meaning }).filter({ hasText: code }).waitFor();
      await page.unroute(check);
    }
    await context.close();
  });

  test('a screen that swallows its errors is found by the same walk', async () => {
    const { page, context } = await walk.newWindow(2_000);
    // Every alert is taken away as soon as it appears, as a page would do that forgot it.
    await page.addInitScript(
      `const style = new CSSStyleSheet();
       style.replaceSync('[role=alert] { display: none }');
       document.adoptedStyleSheets = [style];`,
    );
    assert.deepEqual(await silentErrors(page, bots, walk.bot, 'listBots', ['fault']), [
      'bots: listBots fault',
    ]);
    await context.close();
  });

  test('says a refusal of everything that is done on it, and nothing can be done that is not tried here', async () => {
    const next = turns();
    const silent: string[] = [];
    for (const deed of deeds.filter(({ passkey }) => passkey === true)) {
      silent.push(...(await silentRefusals(walk.person.page, deed, walk.bot, [next()])));
      await walk.person.page.unrouteAll({ behavior: 'ignoreErrors' });
    }
    await walk.each(
      deeds.filter(({ passkey }) => passkey !== true),
      async (page, deed) => {
        silent.push(...(await silentRefusals(page, deed, walk.bot, [next()])));
      },
    );
    assert.deepEqual(silent, []);
    assert.deepEqual([...new Set(deeds.map(({ route }) => route))].toSorted(), writesOfThePage());
  });

  test('cut off, says that the server is away and what that means', async () => {
    const silent: string[] = [];
    await walk.each(screens, async (page, screen) => {
      if (!(await saysUnreachable(page, screen, walk.bot, walk.readsOf(screen)))) silent.push(screen.name);
    });
    assert.deepEqual(silent, []);
  });

  test('keeps what it had while the server is stopped, marks it as old, and heals by itself', async () => {
    const open = await Promise.all(
      screens.map(async (screen) => {
        const { page, context } = await walk.newWindow();
        await openScreen(page, screen, walk.bot);
        await settled(page);
        return { page, context, screen };
      }),
    );
    for (const { page } of open) await page.route('**/api/v1/**', (route) => route.abort());
    walk.installation.kill('server');
    const silent: string[] = [];
    for (const { page, screen } of open) {
      await page.getByText(en['banner.server']).waitFor();
      const marked = await staleMark(page, screen)
        .first()
        .waitFor()
        .then(
          () => true,
          () => false,
        );
      if (!marked || (await page.getByText(en['state.loading']).count()) > 0) silent.push(screen.name);
    }
    assert.deepEqual(silent, []);
    await walk.installation.well();
    for (const { page } of open) await page.unrouteAll({ behavior: 'ignoreErrors' });
    for (const { page, context, screen } of open) {
      await page.getByText(en['banner.server']).waitFor({ state: 'detached' });
      await staleMark(page, screen).first().waitFor({ state: 'detached' });
      await context.close();
    }
  });
});

function failed(): never {
  throw new Error('the list of screens has no bots');
}

/** Every route that the page's sources name and that changes something. */
function writesOfThePage(): readonly string[] {
  const folder = join(import.meta.dirname, '../packages/web/src');
  const names = globSync('**/*.{ts,tsx}', { cwd: folder }).flatMap((path) =>
    [...readFileSync(join(folder, path), 'utf8').matchAll(/\b(?:useSend|ask)\(\s*'(?<name>\w+)'/gu)].map(
      ({ groups }) => groups?.['name'] ?? '',
    ),
  );
  const writes = names.filter((name) => routes[name as RouteName].method !== 'GET');
  return [...new Set(writes)].toSorted();
}
