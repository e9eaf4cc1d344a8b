/** Debian's Chromium, headless, with a passkey of its own: the tests' person. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, type CDPSession, type Page, chromium } from 'playwright-core';

const PROGRAM = '/usr/bin/chromium';

/** What a page needs a second for takes a machine that is busy with other tests a minute. */
const WAIT_MS_MAX = 120_000;

/** Why browser tests cannot run here, or false. */
export const noBrowser: string | false = existsSync(PROGRAM)
  ? false
  : 'no Chromium: apt-get install chromium';

/** Root has no sandbox to give; the page is ours. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox'] });
}

export interface Person {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page said on its console as errors, and uncaught exceptions. */
  readonly complaints: string[];
  /** Whether the person confirms at the authenticator from now on. */
  readonly confirms: (does: boolean) => Promise<void>;
  /** The authenticator, for tests with more than one. */
  readonly device: { readonly session: CDPSession; readonly authenticatorId: string };
}

export interface PersonOptions {
  readonly origin: string;
  readonly scheme?: 'dark' | 'light';
  readonly phone?: boolean;
  readonly language?: 'en' | 'de';
}

/** A browser window with a virtual authenticator that answers for its person (WebAuthn over CDP). */
export async function newPerson(browser: Browser, options: PersonOptions): Promise<Person> {
  const { origin, scheme = 'dark', phone = false, language = 'en' } = options;
  const context = await browser.newContext({
    baseURL: origin,
    viewport: phone ? { width: 390, height: 844 } : { width: 1280, height: 900 },
    hasTouch: phone,
    colorScheme: scheme,
    locale: language,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(WAIT_MS_MAX);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  const confirms = async (isUserVerified: boolean): Promise<void> => {
    await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
  };
  return { page, context, complaints, confirms, device: { session, authenticatorId } };
}
