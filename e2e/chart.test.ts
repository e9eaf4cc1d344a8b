/** The chart of a bot with more candles than a screen holds: the newest are drawn first, and none is left out. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, newPerson, noBrowser } from './_browser.ts';
import { Installation } from './_installation.ts';
import { manyCandles } from './_many-candles.ts';

const CANDLES = 50_000;
/** What `candle-chart.tsx` draws first. */
const FIRST = 1_500;
/** Long ago, so that no minute of today is added to them. */
const END_MS = Date.parse('2025-06-30T23:59:00Z');

/**
 * Runs before the page's own code: notes the time under the pointer, which the chart writes on its canvas, and holds
 * back what the page wants to do after it has painted, until `letGo`.
 */
const watchChart = `(() => {
  window.pointed = null;
  const original = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
    if (/^\\d\\d \\w+ '\\d\\d/u.test(text)) window.pointed = text;
    return original.call(this, text, ...rest);
  };
  const later = window.setTimeout;
  const held = [];
  window.setTimeout = (act, ...rest) => (rest.length === 0 && held !== null ? held.push(act) : later(act, ...rest));
  window.letGo = () => { window.setTimeout = later; for (const act of held) act(); };
})()`;

describe('a chart of 50,000 candles', { skip: noBrowser, concurrency: false }, () => {
  let installation: Installation;
  let browser: Browser;

  before(async () => {
    installation = await Installation.start('product', undefined, { presets: true });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await installation?.stop();
    installation?.remove();
  });

  /** The page of a bot whose market has so many candles, with the newest of them drawn and the rest held back. */
  async function opened(count: number): Promise<Page> {
    const origin = `http://localhost:${installation.port}`;
    const { page } = await newPerson(browser, { origin });
    await page.addInitScript(watchChart);
    await page.route('**/candles?**', (route) => route.fulfill({ json: manyCandles(count, END_MS) }));
    await page.goto('/');
    await page.getByRole('link', { name: 'Demo DCA BTC' }).click();
    await page
      .locator(`[data-candles="${Math.min(count, FIRST)}"] canvas`)
      .first()
      .waitFor();
    return page;
  }

  test('the candles that come after the first picture move nothing in it', async () => {
    const page = await opened(CANDLES);
    const before = await timeAt(page, 0.1);
    assert.match(String(before), /^30 Jun '25/u);
    await page.evaluate('window.letGo()');
    await page.locator(`[data-candles="${CANDLES}"]`).waitFor();
    assert.equal(await timeAt(page, 0.1), before);
    await page.context().close();
  });

  test('every one of them can be scrolled to, and one that is missing is missed', async () => {
    const whole = await opened(CANDLES);
    await whole.evaluate('window.letGo()');
    await whole.locator(`[data-candles="${CANDLES}"]`).waitFor();
    assert.equal(await oldest(whole), "27 May '25   06:40");
    await whole.context().close();

    const oneLess = await opened(CANDLES - 1);
    await oneLess.evaluate('window.letGo()');
    await oneLess.locator(`[data-candles="${CANDLES - 1}"]`).waitFor();
    assert.equal(await oldest(oneLess), "27 May '25   06:41");
    await oneLess.context().close();

    // A chart that never drew the rest.
    const first = await opened(CANDLES);
    assert.match(String(await oldest(first)), /^29 Jun '25/u);
    await first.context().close();
  });
});

/** The time under the pointer at a part of the chart's width from the left; null where no candle is. */
async function timeAt(page: Page, part: number): Promise<string | null> {
  const box = await page.getByTestId('candle-chart').boundingBox();
  assert.ok(box !== null);
  await page.evaluate('window.pointed = null');
  await page.mouse.move(box.x + box.width * part - 1, box.y + 100);
  await page.mouse.move(box.x + box.width * part, box.y + 100);
  // What the pointer changed is drawn in the frame that follows.
  await page.evaluate('new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame)))');
  return page.evaluate<string | null>('window.pointed');
}

/** The time of the first candle: at its end the chart shows it near its right side, beside the second alone. */
async function oldest(page: Page): Promise<string | null> {
  await timeAt(page, 0.5);
  // Six pixels a candle, and 0.8 of a pixel for each that a wheel turns.
  for (let turn = 0; turn < 12; turn++) await page.mouse.wheel(-100_000, 0);
  for (let part = 0.8; part < 1; part += 0.004) {
    const time = await timeAt(page, part);
    if (time !== null) return time;
  }
  return null;
}
