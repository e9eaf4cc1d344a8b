/** Every screen of the dashboard, how it is opened, and what it says when there is nothing to show. */
import type { RouteName } from '@counterfoil/api';
import type { Page } from 'playwright-core';

export interface Screen {
  readonly name: string;
  /** `BOT` stands for a bot's id, `KEY` and `TRADE` for those of the first key and foreign trade. */
  readonly path: string;
  /** Unfolds what a click brings up. */
  readonly open?: (page: Page) => Promise<void>;
  /** Where its states are said. */
  readonly at: string;
  /** Answers that it shows, though another part of the page has asked for them. */
  readonly shares?: readonly RouteName[];
  /** Said where every list is empty. */
  readonly empty: readonly (string | RegExp)[];
}

const tab = (name: string) => ({
  path: '/bots/BOT',
  open: (page: Page) => page.getByRole('tab', { name }).click(),
  at: '[role=tabpanel]',
});
const panel = (button: RegExp) => ({
  path: '/bots',
  open: (page: Page) => page.getByRole('button', { name: button }).click(),
  at: '[role=dialog]',
});

export const screens: readonly Screen[] = [
  { name: 'welcome', path: '/welcome', at: 'main', shares: ['getSession'], empty: [] },
  {
    name: 'home',
    path: '/',
    at: 'main',
    shares: ['getSession', 'listNotices'],
    empty: ['No bots yet. Start with an example.', 'Nothing has happened yet.', 'Nothing needs you.'],
  },
  { name: 'bots', path: '/bots', at: 'main', empty: ['No bots yet. Start with an example.'] },
  {
    name: 'wizard',
    path: '/bots/new',
    at: 'main',
    shares: ['listMarkets'],
    empty: [/^There is no market to trade on yet/u],
  },
  {
    name: 'trade',
    path: '/trade',
    at: 'main',
    shares: ['listMarkets'],
    empty: [/^There is no market to trade on yet/u, 'None yet.'],
  },
  {
    name: 'backtests',
    path: '/backtests',
    at: 'main',
    empty: ['Build a bot first; a draft is enough.', /^Nothing was run yet/u],
  },
  { name: 'receipts', path: '/receipts', at: 'main', empty: ['Your first order makes your first receipt.'] },
  {
    name: 'receipt',
    path: '/receipts',
    open: (page) => page.locator('main li details > summary').first().click(),
    at: 'main li details',
    empty: [],
  },
  {
    name: 'security',
    path: '/security',
    at: 'main',
    shares: ['getSession'],
    empty: [/^There is no key yet/u, 'Every trade at the exchange has a receipt here.'],
  },
  {
    name: 'key',
    path: '/connections/KEY',
    at: 'main',
    empty: ['There is no such key in this workspace.'],
  },
  {
    name: 'not me',
    path: '/not-me/TRADE',
    at: 'main',
    empty: ['There is no such trade in this workspace.'],
  },
  { name: 'connect', path: '/connect', at: 'main', empty: [] },
  {
    name: 'settings',
    path: '/settings',
    at: 'main',
    shares: ['getSession'],
    empty: [/^None yet\. A webhook/u, 'No program may call yet.'],
  },
  { name: 'bot', path: '/bots/BOT', at: 'main', empty: ['Nothing yet.'] },
  { name: 'bot, deals', ...tab('Deals'), shares: ['listDeals'], empty: ['Nothing yet.'] },
  { name: 'bot, fills', ...tab('Fills'), shares: ['listFills'], empty: ['Nothing yet.'] },
  { name: 'bot, decisions', ...tab('Decisions'), shares: ['whyBot'], empty: ['Nothing yet.'] },
  { name: 'jobs', ...panel(/^Jobs/u), shares: ['listJobs'], empty: ['No long work yet.'] },
  { name: 'alerts', ...panel(/^Alerts/u), shares: ['listNotices'], empty: ['Nothing needs you.'] },
  { name: 'account', ...panel(/^Account/u), shares: ['getSession'], empty: [] },
  {
    name: 'go to',
    path: '/settings',
    // On a phone the bar at the bottom has it.
    open: (page) =>
      page
        .getByRole('button', { name: /^Go to|^More$/u })
        .filter({ visible: true })
        .click(),
    at: '[role=dialog]',
    empty: [],
  },
];

/** The same, and pages unfolded further than their states need. */
export const unfolded: readonly Screen[] = [
  ...screens,
  {
    name: 'wizard, more',
    path: '/bots/new',
    open: (page) => page.locator('summary', { hasText: 'More' }).click(),
    at: 'main',
    empty: [],
  },
  {
    name: 'backtests, sweep',
    path: '/backtests',
    open: (page) => page.getByText('Sweep two settings').click(),
    at: 'main',
    empty: [],
  },
  {
    name: 'connect, sealed',
    path: '/connect',
    open: (page) => page.getByText('Sealed in your browser').click(),
    at: 'main',
    empty: [],
  },
  {
    name: 'bot, chart as table',
    path: '/bots/BOT',
    open: (page) => page.getByRole('button', { name: 'View as table' }).click(),
    at: 'main',
    empty: [],
  },
  {
    name: 'bot, stop',
    path: '/bots/BOT',
    open: (page) => page.getByRole('button', { name: 'Stop', exact: true }).click(),
    at: 'main',
    empty: [],
  },
  {
    name: 'fill',
    path: '/bots/BOT',
    open: async (page) => {
      await page.getByRole('tab', { name: 'Fills' }).click();
      await page.getByRole('button', { name: 'Receipt' }).first().click();
      await page.getByText(/checks passed/u).waitFor();
    },
    at: 'main',
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

/** The address of a screen, with the ids of this installation. */
export async function addressOf(page: Page, path: string, bot: string): Promise<string> {
  const first = async (list: string): Promise<string> => {
    const answer = await page.request.get(`/api/v1${list}`);
    const { items } = (await answer.json()) as { readonly items: readonly { readonly id: string }[] };
    return items[0]?.id ?? 'none';
  };
  if (path.includes('KEY')) return path.replace('KEY', await first('/connections'));
  if (path.includes('TRADE')) return path.replace('TRADE', await first('/security/foreign-trades'));
  return path.replace('BOT', bot);
}

/** Opens a screen and waits for its frame, not for its answers. */
export async function openScreen(page: Page, screen: Screen, bot: string): Promise<void> {
  await page.goto(await addressOf(page, screen.path, bot));
  await page.getByRole('navigation').first().waitFor();
  await screen.open?.(page);
}
