// `npm run pictures [-- ORIGIN]`: retakes docs/screens from an installation that runs, dark, light and on a phone.
// Look at them before you commit them. The bots need some minutes of fills before they show anything. At the end it
// places an order as another app of the demo's person would, and disowns it; what that froze it thaws.
import { join } from 'node:path';
import type { AnswerOf, ForeignTrade } from '@counterfoil/api';
import type { Page } from 'playwright-core';
import { type PersonOptions, launchBrowser, newPerson } from '../e2e/_browser.ts';
import { paperAt, placeForeignOrder } from '../e2e/_paper.ts';
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
      readonly connection: string;
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
    { name: 'connect', path: '/connect' },
    { name: 'key', path: `/connections/${bot.connection}` },
  ];
  await takeAll(pictures);
  // Last, because it is what the Security centre is for: another app's order on the demo's account, and its answer.
  await placeForeignOrder(await paperAt(origin), '0.002');
  await takeAll([
    {
      name: 'security',
      path: '/security',
      open: (page) => page.getByText('A trade we didn’t place.').first().waitFor(),
    },
  ]);
  const trade = await disown();
  await takeAll([{ name: 'not-me', path: `/not-me/${trade.id}` }]);
  await write('/security/thaw', { scope: 'connection', connection: trade.connection, assertion: null });
} finally {
  await browser.close();
}

async function takeAll(pictures: readonly Picture[]): Promise<void> {
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
}

/** Says of every open question that it was somebody else, and names the newest. */
async function disown(): Promise<ForeignTrade> {
  const answer = await fetch(`${origin}/api/v1/security/foreign-trades`);
  const { items } = (await answer.json()) as AnswerOf<'listForeignTrades'>;
  for (const { id, state } of items)
    if (state === 'open')
      await write(`/security/foreign-trades/${encodeURIComponent(id)}/answer`, { answer: 'not-me' });
  const [newest] = items;
  if (newest === undefined) throw new Error(`${origin} has no foreign trade`);
  return newest;
}

async function write(path: string, body: unknown): Promise<void> {
  const headers = { origin, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}
