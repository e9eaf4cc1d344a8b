/** What does not fit a window: what is wider than it, what spills out of its own box, and what is cut off by one. */
import type { Page } from 'playwright-core';

/** The narrowest phone that is still sold, and what a page has at 400 % zoom (WCAG 1.4.10). */
export const NARROW_PX = 320;

/** Runs in the page. A box that scrolls by itself holds what is wider: it is told about, and reached by keyboard. */
const look = `(() => {
  const scrolls = (element) => /auto|scroll/.test(getComputedStyle(element).overflowX);
  const inScroller = (element) => {
    for (let box = element.parentElement; box !== null; box = box.parentElement) if (scrolls(box)) return true;
    return false;
  };
  const name = (element) => element.tagName.toLowerCase() + ' “' +
    (element.getAttribute('aria-label') ?? element.textContent).trim().replace(/\\s+/g, ' ').slice(0, 60) + '”';
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  for (const element of document.querySelectorAll('body *')) {
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    // What only screen readers get is one pixel; what is drawn has no text to lose.
    if (box.width <= 1 || box.height <= 1 || element.closest('svg, canvas, option') !== null) continue;
    if ((box.right > innerWidth + 1 || box.left < -1) && !inScroller(element))
      found.push('beyond the edge: ' + name(element));
    if (element.matches('input, textarea, select') || style.display.startsWith('inline')) continue;
    const clips = /hidden|clip/.test(style.overflowX);
    if (element.scrollWidth > element.clientWidth + 1 && !scrolls(element) && element.clientWidth > 0)
      found.push((clips ? 'cut off: ' : 'spills out: ') + name(element));
  }
  return found;
})()`;

/** Names everything that does not fit, once each. */
export async function whatDoesNotFit(page: Page): Promise<readonly string[]> {
  return [...new Set(await page.evaluate<string[]>(look))];
}
