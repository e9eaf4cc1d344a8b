/** What a screen has to say in each of its states, asked of a page; what it does not say comes back by name. */
import { type Problem, type ProblemCode, type RouteName, problemCodes, problems } from '@counterfoil/api';
import type { Locator, Page, Route } from 'playwright-core';
import { en } from '../packages/web/src/messages/en.ts';
import { routeOf } from './_api-route.ts';
import type { Deed } from './_deeds.ts';
import type { Given, Instead } from './_given.ts';
import { type Screen, addressOf, openScreen } from './_screens.ts';

const API = '**/api/v1/**';

/** How an answer can fail: by a code of the server, or by not coming. */
export type Failure = ProblemCode | 'unreachable';
/** What the page says, in one of its languages. */
export type Words = Readonly<Record<keyof typeof en, string>>;
export const failures: readonly Failure[] = [...problemCodes, 'unreachable'];
const called = (route: Route): RouteName | null => routeOf(route.request().method(), route.request().url());

/** Resolves to whether the place comes to say it while the page is given to say something. */
async function says(place: Locator): Promise<boolean> {
  return place
    .first()
    .waitFor()
    .then(
      () => true,
      () => false,
    );
}

/** Holds every answer, or those that a screen unfolds, and looks for the word that says so. */
export async function saysLoading(
  page: Page,
  screen: Screen,
  bot: string,
  reads: readonly RouteName[],
): Promise<boolean> {
  const held: Route[] = [];
  await page.route(API, (route) => {
    const name = called(route);
    if (screen.open === undefined || (name !== null && reads.includes(name))) held.push(route);
    else return route.continue();
    return undefined;
  });
  await openScreen(page, screen, bot);
  const said = await says(page.locator(screen.at).getByText(en['state.loading']));
  await Promise.all(held.map((route) => route.abort().catch(() => undefined)));
  return said;
}

/** Empties every list of every answer; names the sentences that are missing then. */
export async function missingWhenEmpty(page: Page, screen: Screen, bot: string): Promise<readonly string[]> {
  await page.route(API, async (route) => {
    if (route.request().method() !== 'GET' || route.request().url().includes('/events'))
      return route.continue();
    const answer = await route.fetch();
    const body = (await answer.json()) as Readonly<Record<string, unknown>>;
    const empty = Object.fromEntries(
      Object.entries(body).map(([key, value]) => [key, Array.isArray(value) ? [] : value]),
    );
    return route.fulfill({ response: answer, json: empty });
  });
  await openScreen(page, screen, bot);
  const missing: string[] = [];
  for (const text of screen.empty)
    if (!(await says(page.locator(screen.at).getByText(text))))
      missing.push(`${screen.name}: ${String(text)}`);
  return missing;
}

/** Fails one of the screen's answers in every given way in turn; names those that the screen does not say. */
export async function silentErrors(
  page: Page,
  screen: Screen,
  bot: string,
  route: RouteName,
  codes: readonly Failure[],
  words: Words = en,
): Promise<readonly string[]> {
  const silent: string[] = [];
  let code: Failure = 'fault';
  await page.route(API, (call) => (called(call) === route ? refuse(call, route, code) : call.continue()));
  const place = page.locator(screen.at);
  for (code of codes) {
    const again = place
      .getByRole('alert')
      .filter({ hasText: detailOf(route) })
      .getByRole('button', { name: words['state.retry'] });
    if ((await again.count()) > 0) await again.first().click();
    else await openScreen(page, screen, bot);
    if (!(await says(alert(place, page, route, code, words))))
      silent.push(`${screen.name}: ${route} ${code}`);
  }
  return silent;
}

/** Fails what is done in every given way in turn; names those that the page does not say. */
export async function silentRefusals(
  page: Page,
  deed: Deed,
  bot: string,
  codes: readonly Failure[],
): Promise<readonly string[]> {
  const silent: string[] = [];
  const { route, given = {}, instead = {} } = deed;
  let code: Failure = 'fault';
  await plant(page, given, instead);
  await page.route(API, (call) => (called(call) === route ? refuse(call, route, code) : call.fallback()));
  // Another deed may have left a form in progress behind.
  await page.addInitScript('sessionStorage.clear()');
  await page.goto(await addressOf(page, deed.path, bot));
  for (code of codes) {
    await deed.act(page);
    if (!(await says(alert(page.locator('body'), page, route, code, en)))) silent.push(`${route} ${code}`);
  }
  return silent;
}

/** Answers with what is given from here on. */
export async function plant(page: Page, given: Given, instead: Instead = {}): Promise<void> {
  await page.route(API, async (call) => {
    const name = called(call);
    if (name === null) return call.continue();
    if (instead[name] !== undefined) return call.fulfill({ json: instead[name] });
    const change = given[name] as ((was: unknown) => unknown) | undefined;
    if (change === undefined) return call.continue();
    const answer = await call.fetch();
    return call.fulfill({ response: answer, json: change(await answer.json()) });
  });
}

/** Lets nothing through to the server; resolves to whether the screen says that it is away and what that means. */
export async function saysUnreachable(
  page: Page,
  screen: Screen,
  bot: string,
  reads: readonly RouteName[],
): Promise<boolean> {
  await page.route(API, (route) => {
    const name = called(route);
    const cut = screen.open === undefined || (name !== null && reads.includes(name));
    return cut ? route.abort() : route.continue();
  });
  await openScreen(page, screen, bot);
  return says(page.locator(screen.at).getByRole('alert').filter({ hasText: en['error.unreachable'] }));
}

/** What is shown from before is marked as old. */
export function staleMark(page: Page, { at }: Screen): Locator {
  return page.locator(at).getByText(/^As of .*The connection is lost/u);
}

const detailOf = (route: RouteName): string => `The server’s own words on ${route}.`;

/** An alert with what the failure means, its code, and the server's own words where it had any. */
function alert(place: Locator, page: Page, route: RouteName, code: Failure, words: Words): Locator {
  const alerts = place
    .getByRole('alert')
    .filter({ has: page.locator('code').getByText(code, { exact: true }) });
  if (code === 'unreachable') return alerts.filter({ hasText: words['error.unreachable'] });
  return alerts.filter({ hasText: words[`problem.${code}`] }).filter({ hasText: detailOf(route) });
}

function refuse(route: Route, name: RouteName, code: Failure): Promise<void> {
  if (code === 'unreachable') return route.abort();
  return refuseWith(route, { code, title: problems[code].title, detail: detailOf(name) });
}

/** Answers as the server does where it refuses; the code may be one that it does not have yet. */
export function refuseWith(
  route: Route,
  said: Partial<Omit<Problem, 'code'>> & { readonly code: string },
): Promise<void> {
  const status = Object.hasOwn(problems, said.code) ? problems[said.code as ProblemCode].status : 418;
  return route.fulfill({
    status,
    contentType: 'application/problem+json',
    json: {
      type: `/api/docs#problem-${said.code}`,
      title: '',
      status,
      detail: '',
      requestId: 'planted',
      errors: [],
      refusal: null,
      retryAfterSeconds: null,
      ...said,
    },
  });
}
