/** An installation with an account and a bot that has traded, and windows that walk through it side by side. */
import assert from 'node:assert/strict';
import type { RouteName } from '@counterfoil/api';
import type { Browser, Page, Request } from 'playwright-core';
import { routeOf } from './_api-route.ts';
import { type Person, launchBrowser, newPerson } from './_browser.ts';
import { disownedTrade } from './_foreign-trade.ts';
import { Installation } from './_installation.ts';
import { makeAccount } from './_passkey.ts';
import { type Screen, openScreen, screens, settled } from './_screens.ts';

/** A first fill on the synthetic market of a loaded machine. */
const FILL_MS_MAX = 120_000;
/** Asked for by the frame around every page; the screens that show them say so themselves. */
export const ofFrame: readonly RouteName[] = ['getSession', 'listMarkets', 'listJobs', 'listNotices'];
/** What a page says within a second takes a machine that is busy with other tests longer. */
const SAID_MS_MAX = 30_000;
/** More windows wait for each other on two cores; fewer wait for their own pauses. */
const WINDOWS = 4;

export class ScreenWalk {
  readonly installation: Installation;
  readonly person: Person;
  /** A bot that runs and has filled orders. */
  readonly bot: string;
  /** What each screen asks for and shows, by its name; filled by `look`. */
  readonly reads = new Map<string, readonly RouteName[]>();
  readonly #browser: Browser;
  readonly #windows: Person[] = [];

  private constructor(installation: Installation, browser: Browser, person: Person, bot: string) {
    this.installation = installation;
    this.#browser = browser;
    this.person = person;
    this.bot = bot;
  }

  static async begin(): Promise<ScreenWalk> {
    const installation = await Installation.start('product', undefined, { presets: true });
    const browser = await launchBrowser();
    const origin = `http://localhost:${installation.port}`;
    const person = await newPerson(browser, { origin });
    const { page } = person;
    await disownedTrade(origin);
    await makeAccount(page, 'Ada');
    await page.goto('/');
    const link = page.getByRole('link', { name: 'Demo DCA BTC' });
    const bot = (await link.getAttribute('href'))?.split('/').at(-1) ?? '';
    await link.click();
    await page.getByRole('tab', { name: 'Fills' }).click();
    await page.getByRole('button', { name: 'Receipt' }).first().waitFor({ timeout: FILL_MS_MAX });
    // Leaves its event stream to the windows.
    await page.goto('about:blank');
    return new ScreenWalk(installation, browser, person, bot);
  }

  async end(): Promise<void> {
    await this.#browser.close();
    await this.installation.stop();
    this.installation.remove();
  }

  /** Notes what every screen reads while all is well; finds those that complain of something. */
  async look(): Promise<readonly string[]> {
    const complaints: string[] = [];
    await this.each(screens, async (page, screen) => {
      const asked = new Set<RouteName>();
      const note = (request: Request): void => {
        const name = routeOf(request.method(), request.url());
        if (name !== null) asked.add(name);
      };
      const { open, ...closed } = screen;
      page.on('request', note);
      await openScreen(page, closed, this.bot);
      await settled(page);
      // What it unfolds is its own; the page below is a screen of its own.
      if (open !== undefined) {
        asked.clear();
        await open(page);
        await settled(page);
      }
      page.off('request', note);
      for (const complaint of await page.getByRole('alert').allInnerTexts())
        complaints.push(`${screen.name}: ${complaint}`);
      const own = [...asked].filter((name) => !ofFrame.includes(name) && name !== 'readNotices');
      this.reads.set(screen.name, [...new Set([...own, ...(screen.shares ?? [])])]);
    });
    return complaints;
  }

  readsOf({ name }: Screen): readonly RouteName[] {
    const reads = this.reads.get(name);
    assert.ok(reads !== undefined && reads.length > 0, `nothing is known of what ${name} reads`);
    return reads;
  }

  /** Calls `visit` for every item, in several windows at once: each takes the next one when it has done its last. */
  async each<Item>(items: readonly Item[], visit: (page: Page, item: Item) => Promise<void>): Promise<void> {
    while (this.#windows.length < Math.min(WINDOWS, items.length)) this.#windows.push(await this.newWindow());
    const waiting = [...items];
    const walk = async ({ page }: Person): Promise<void> => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
        await visit(page, item);
        await page.unrouteAll({ behavior: 'ignoreErrors' });
      }
    };
    await Promise.all(this.#windows.map(walk));
  }

  /** The same person elsewhere: a context of its own, because a browser gives one host six connections. */
  async newWindow(saidMsMax = SAID_MS_MAX): Promise<Person> {
    const window = await newPerson(this.#browser, {
      origin: `http://localhost:${this.installation.port}`,
    });
    window.page.setDefaultTimeout(saidMsMax);
    await window.context.addCookies(await this.person.context.cookies());
    return window;
  }
}
