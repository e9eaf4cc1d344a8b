// `npm run pictures [-- ORIGIN]`: retakes docs/screens from an installation that runs, dark, light and on a phone.
// Look at them before you commit them. The bots need some minutes of fills before they show anything.
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type PersonOptions, launchBrowser, newPerson } from '../e2e/_browser.ts';
import { settled } from '../e2e/_screens.ts';

const folder = join(import.meta.dirname, '../docs/screens');
const origin = process.argv[2] ?? 'http://localhost:7331';
/** A page grows to its content, and no further than a reader would scroll in a picture. */
const HEIGHT_PX_MAX = 1_400;
/** A chart draws its last frame after its answer has come. */
const DRAWN_MS = 800;

interface Picture {
  readonly name: string;
  readonly path: string;
  readonly open?: (page: Page) => Promise<void>;
}

const looks: readonly (PersonOptions & { readonly name: string })[] = [
  { name: 'dark', origin, scheme: 'dark' },
  { name: 'light', origin, scheme: 'light' },
  { name: 'phone', origin, phone: true },
];

const browser = await launchBrowser();
try {
  const list = (await (await fetch(`${origin}/api/v1/bots?limit=10`)).json()) as {
    readonly items?: readonly {
      readonly id: string;

      readonly plan: { kind: string };
    }[];
  };
  const bot = list.items?.find(({ plan }) => plan.kind === 'dca');
  if (bot === undefined) throw new Error(`${origin} has no DCA bot that a stranger may see`);
  const pictures: readonly Picture[] = [
    { name: 'welcome', path: '/welcome' },
    { name: 'home', path: '/' },
    { name: 'bots', path: '/bots' },
    {
      name: 'bot',
      path: `/bots/${bot.id}`,
      open: (page) => page.getByRole('tab', { name: 'Fills' }).click(),
    },
    { name: 'wizard', path: '/bots/new' },
    { name: 'trade', path: '/trade' },
    {
      name: 'receipt',
      path: '/receipts',
      open: async (page) => {
        await page.locator('main li details > summary').first().click();
        await page.getByText(/checks passed/u).waitFor();
      },
    },
    { name: 'security', path: '/security' },
    { name: 'connect', path: '/connect' },
  ];
  for (const { name: look, ...options } of looks) {
    const { page, context } = await newPerson(browser, options);
    const { width, height } = page.viewportSize() ?? { width: 1_280, height: 900 };
    for (const { name, path, open } of pictures) {
      await page.setViewportSize({ width, height });
      await page.goto(path);
      await settled(page);
      await open?.(page);
      await settled(page);
      const whole = await page.evaluate<number>('document.documentElement.scrollHeight');
      await page.setViewportSize({ width, height: Math.min(HEIGHT_PX_MAX, Math.max(height, whole)) });
      // The last click left the pointer there, and a chart would follow it.
      await page.mouse.move(0, 0);
      await page.waitForTimeout(DRAWN_MS);
      await page.screenshot({ path: join(folder, `${name}-${look}.png`) });
      console.log(`${name}-${look}.png`);
    }
    await context.close();
  }
} finally {
  await browser.close();
}
