/** Every screen of the dashboard, how it is opened, and what it says when there is nothing to show. */
import type { Page } from 'playwright-core';

export interface Screen {
  readonly name: string;
  /** `BOT` stands for a bot's id. */
  readonly path: string;
  /** Unfolds what a click brings up. */
  readonly open?: (page: Page) => Promise<void>;
  /** Said where every list is empty. */
  readonly empty: readonly (string | RegExp)[];
}

const tab = (name: string) => (page: Page) => page.getByRole('tab', { name }).click();

export const screens: readonly Screen[] = [
  { name: 'welcome', path: '/welcome', empty: [] },
  { name: 'home', path: '/', empty: ['No bots yet. Start with an example.', 'Nothing has happened yet.'] },
  { name: 'bots', path: '/bots', empty: ['No bots yet. Start with an example.'] },
  { name: 'wizard', path: '/bots/new', empty: [/^There is no market to trade on yet/u] },
  { name: 'trade', path: '/trade', empty: [/^There is no market to trade on yet/u, 'None yet.'] },
  {
    name: 'backtests',
    path: '/backtests',
    empty: ['Build a bot first; a draft is enough.', /^Nothing was run yet/u],
  },
  { name: 'receipts', path: '/receipts', empty: ['Your first order makes your first receipt.'] },
  {
    name: 'receipt',
    path: '/receipts',
    open: (page) => page.locator('main li details > summary').first().click(),
    empty: [],
  },
  {
    name: 'security',
    path: '/security',
    empty: [/^There is no key yet/u, 'Every trade at the exchange has a receipt here.'],
  },
  { name: 'connect', path: '/connect', empty: [] },
  { name: 'settings', path: '/settings', empty: [/^None yet\. A webhook/u, 'No program may call yet.'] },
  { name: 'bot', path: '/bots/BOT', empty: ['Nothing yet.'] },
  { name: 'bot, deals', path: '/bots/BOT', open: tab('Deals'), empty: ['Nothing yet.'] },
  { name: 'bot, fills', path: '/bots/BOT', open: tab('Fills'), empty: ['Nothing yet.'] },
  { name: 'bot, decisions', path: '/bots/BOT', open: tab('Decisions'), empty: [] },
  {
    name: 'jobs',
    path: '/bots',
    open: (page) => page.getByRole('button', { name: /^Jobs/u }).click(),
    empty: ['No long work yet.'],
  },
  {
    name: 'alerts',
    path: '/bots',
    open: (page) => page.getByRole('button', { name: /^Alerts/u }).click(),
    empty: ['Nothing needs you.'],
  },
  {
    name: 'go to',
    path: '/settings',
    open: (page) => page.keyboard.press('Control+k'),
    empty: [],
  },
];

/** Longer than the wizard waits for hands to rest, and than a page is quiet between two answers that follow. */
const QUIET_MS = 1_500;

/** Resolves when a screen has its heading, waits for no answer, and has asked for nothing for a moment. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1, main h2, [role=dialog]').first().waitFor();
  let asked = Date.now();
  const note = (): void => void (asked = Date.now());
  page.on('request', note);
  do {
    await page.getByText('Loading …').first().waitFor({ state: 'detached' });
    await page.waitForTimeout(50);
  } while (Date.now() - asked < QUIET_MS || (await page.getByText('Loading …').count()) > 0);
  page.off('request', note);
}

/** Opens a screen and waits for its frame, not for its answers. */
export async function openScreen(page: Page, screen: Screen, bot: string): Promise<void> {
  await page.goto(screen.path.replace('BOT', bot));
  await page.getByRole('navigation').first().waitFor();
  await screen.open?.(page);
}
