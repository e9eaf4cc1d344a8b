/** Everything that can be done on the dashboard's screens: where, by which route of the API, and by which clicks. */
import type { Job, RouteName } from '@counterfoil/api';
import type { Page } from 'playwright-core';
import {
  type Given,
  type Instead,
  anonymous,
  anotherDevice,
  channel,
  demo,
  foreignTrade,
  freeze,
  furtherPasskey,
  job,
  none,
  openTrade,
  registrationOptions,
  token,
  unreadNotice,
  unregisteredKey,
  withItem,
} from './_given.ts';

export interface Deed {
  /** `BOT` stands for a bot's id, `KEY` for that of the first key. */
  readonly path: string;
  readonly route: RouteName;
  readonly given?: Given;
  readonly instead?: Instead;
  /** It needs the passkey of the account that owns the installation. */
  readonly passkey?: true;
  /** May be called again on the page that it has left. */
  readonly act: (page: Page) => Promise<void>;
}

const press =
  (name: string | RegExp) =>
  (page: Page): Promise<void> =>
    page
      .getByRole('button', { name, exact: typeof name === 'string' })
      .first()
      .click();

/** Presses what a first press has to bring up. */
const pressBehind =
  (opener: string | RegExp, name: string) =>
  async (page: Page): Promise<void> => {
    if ((await page.getByRole('dialog').count()) === 0) await press(opener)(page);
    await page.getByRole('dialog').getByRole('button', { name, exact: true }).first().click();
  };

const register = async (page: Page): Promise<void> => {
  await press('Set up for me')(page);
  await page.getByLabel('Your name').fill('Ada');
  await press('Create passkey')(page);
};
const recover = async (page: Page): Promise<void> => {
  const account = page.getByRole('textbox', { name: 'Account' });
  if (!(await account.isVisible())) await page.getByText('Sign in with the recovery key').click();
  await account.fill('demo/nobody');
  await page.getByLabel('Recovery key').fill('AAAA-BBBB');
  await press('Make a new passkey')(page);
};
const addPasskey = async (page: Page): Promise<void> => {
  await page.getByLabel('Name of the new passkey').fill('key ring');
  await press('Add a passkey')(page);
};
const paused: Given = { getBot: (was) => ({ ...was, state: 'paused' }) };
const frozen: Given = { getSecurity: (was) => ({ ...was, freezes: [freeze] }) };
const trades: Given = { listSmartTrades: withItem(openTrade) };
const jobs = (state: 'running' | 'cancelled'): Given => ({ listJobs: withItem<Job>({ ...job, state }) });

export const deeds: readonly Deed[] = [
  {
    path: '/welcome',
    route: 'beginRegistration',
    given: { getSession: demo },
    act: register,
  },
  {
    path: '/welcome',
    route: 'finishRegistration',
    given: { getSession: demo },
    instead: { beginRegistration: registrationOptions },
    act: register,
  },
  {
    path: '/',
    route: 'beginSignIn',
    given: { getSession: anonymous },
    act: press('Sign in with a passkey'),
  },
  {
    path: '/',
    route: 'finishSignIn',
    given: { getSession: anonymous },
    passkey: true,
    act: press('Sign in with a passkey'),
  },
  { path: '/', route: 'beginRecovery', given: { getSession: anonymous }, act: recover },
  {
    path: '/',
    route: 'finishRecovery',
    given: { getSession: anonymous },
    instead: { beginRecovery: registrationOptions },
    act: recover,
  },
  {
    path: '/bots',
    route: 'readNotices',
    given: { listNotices: withItem(unreadNotice) },
    act: async (page) => {
      if ((await page.getByRole('dialog').count()) > 0) {
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      // Before its answer has come the bell counts none.
      await press(/^Alerts, [1-9]\d* unread/u)(page);
    },
  },
  {
    path: '/bots',
    route: 'freeze',
    act: async (page) => {
      if ((await page.getByRole('dialog').count()) > 0) return press('Try again')(page);
      await page.getByRole('button', { name: 'Freeze', exact: true }).focus();
      await page.keyboard.down('Enter');
      await page.getByRole('dialog').waitFor();
      await page.keyboard.up('Enter');
    },
  },
  { path: '/bots', route: 'signOut', act: pressBehind(/^Account/u, 'Sign out') },
  { path: '/bots', route: 'cancelJob', given: jobs('running'), act: pressBehind(/^Jobs/u, 'Cancel') },
  { path: '/bots', route: 'resumeJob', given: jobs('cancelled'), act: pressBehind(/^Jobs/u, 'Resume') },
  { path: '/bots/BOT', route: 'startBot', given: paused, act: press('Start') },
  { path: '/bots/BOT', route: 'pauseBot', act: press('Pause') },
  { path: '/bots/BOT', route: 'stopBot', act: pressBehind('Stop', 'Stop and keep the position') },
  { path: '/bots/new', route: 'createBot', act: press('Start in paper') },
  { path: '/trade', route: 'createSmartTrade', act: press('Start in paper') },
  { path: '/trade', route: 'closeSmartTrade', given: trades, act: press('Close at market') },
  { path: '/trade', route: 'cancelSmartTrade', given: trades, act: press('Cancel') },
  { path: '/backtests', route: 'createBacktest', act: press('Run') },
  {
    path: '/backtests',
    route: 'createSweep',
    act: async (page) => {
      const start = page.getByRole('button', { name: 'Start sweep' });
      if (!(await start.isVisible())) await page.getByText('Sweep two settings').click();
      await start.click();
    },
  },
  { path: '/security', route: 'beginApproval', given: frozen, act: press('Thaw') },
  { path: '/security', route: 'thaw', given: frozen, passkey: true, act: press('Thaw') },
  {
    path: '/security',
    route: 'answerForeignTrade',
    given: { listForeignTrades: withItem(foreignTrade) },
    act: press('It was me'),
  },
  { path: '/security', route: 'checkConnection', act: press('Check now') },
  { path: '/security', route: 'proposeMandate', act: press('Propose') },
  {
    path: '/security',
    route: 'approveMandate',
    passkey: true,
    act: async (page) => {
      // More than the demo's limit: that alone needs an owner's passkey.
      await page.getByLabel('Per order').first().fill('900000000000');
      await press('Propose')(page);
    },
  },
  {
    path: '/security',
    route: 'removeDevice',
    given: { listDevices: withItem(anotherDevice) },
    act: press('Sign out there'),
  },
  { path: '/security', route: 'beginPasskey', passkey: true, act: addPasskey },
  {
    path: '/security',
    route: 'addVaultPasskey',
    passkey: true,
    instead: { beginPasskey: registrationOptions },
    act: addPasskey,
  },
  {
    path: '/security',
    route: 'finishPasskey',
    passkey: true,
    instead: { beginPasskey: registrationOptions, addVaultPasskey: furtherPasskey },
    act: addPasskey,
  },
  {
    path: '/security',
    route: 'removeVaultPasskey',
    passkey: true,
    given: { listVaultPasskeys: withItem(furtherPasskey) },
    act: press('Remove key ring'),
  },
  {
    path: '/connections/KEY',
    route: 'rotateConnection',
    passkey: true,
    act: press('Make the new key'),
  },
  {
    path: '/connections/KEY',
    route: 'removeConnection',
    passkey: true,
    given: { listBots: none, listSmartTrades: none },
    act: async (page) => {
      await page.getByLabel(/to confirm$/u).fill('demo');
      await press('Destroy this key')(page);
    },
  },
  {
    path: '/connect',
    route: 'createConnection',
    act: async (page) => {
      await page.getByLabel('Label').fill('never made');
      await press('Make key pair')(page);
    },
  },
  {
    path: '/connect',
    route: 'registerConnection',
    given: { listConnections: withItem(unregisteredKey) },
    act: async (page) => {
      await page.getByLabel('API key id').fill('0123456789');
      await press('4. Check')(page);
    },
  },
  {
    path: '/connect',
    route: 'beginEnrolment',
    act: async (page) => {
      await page.getByText('Sealed in your browser').click();
      await page.getByLabel('Label').fill('never kept');
      await page.getByLabel('API key id').fill('0123456789');
      await page.getByLabel('API secret or private key').fill('x'.repeat(64));
      await press('Lock it')(page);
    },
  },
  {
    path: '/connect',
    route: 'sealConnection',
    act: async (page) => {
      const check = page.getByRole('button', { name: '4. Check' });
      if ((await check.count()) === 0) {
        await page.getByText('Sealed in your browser').click();
        await page.getByLabel('Label').fill('never kept');
        await page.getByLabel('API key id').fill('0123456789');
        await page.getByLabel('API secret or private key').fill('x'.repeat(64));
        await press('Lock it')(page);
      }
      await check.click();
    },
  },
  {
    path: '/settings',
    route: 'createChannel',
    act: async (page) => {
      const card = page.locator('section', { has: page.getByRole('button', { name: 'Add webhook' }) });
      await card.getByLabel('Label').fill('hook');
      await card.getByLabel('Address').fill('https://example.org/hook');
      await press('Add webhook')(page);
    },
  },
  { path: '/settings', route: 'testChannel', given: { listChannels: withItem(channel) }, act: press('Test') },
  {
    path: '/settings',
    route: 'removeChannel',
    given: { listChannels: withItem(channel) },
    act: press('Remove'),
  },
  {
    path: '/settings',
    route: 'createToken',
    act: async (page) => {
      const card = page.locator('section', { has: page.getByRole('button', { name: 'Admit' }) });
      await card.getByLabel('Label').fill('program');
      await card.getByLabel(/public key/u).fill('none');
      await press('Admit')(page);
    },
  },
  { path: '/settings', route: 'removeToken', given: { listTokens: withItem(token) }, act: press('Remove') },
];
