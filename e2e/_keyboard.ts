/**
 * A walk through a page by Tab alone. It finds everything that can be clicked, and names what the keyboard does not
 * reach, what does not show that it has the focus, what stands hidden while it has it, and what no key activates.
 */
import type { Page } from 'playwright-core';

/** More stops than any page has. */
const STOPS_MAX = 400;

/**
 * Runs in the page. What is clickable is what the platform knows, what says so by its role, and what has a handler:
 * one of React's properties, or one set on the element.
 */
const tools = `(() => {
  const native = 'a[href], button, input, select, textarea, summary, [role=button], [role=tab], [role=link], ' +
    '[role=menuitem], [role=option], [role=switch], [role=checkbox], [role=slider]';
  const handlers = ['onClick', 'onPointerDown', 'onMouseDown'];
  const has = (element) => element.onclick !== null || Object.entries(element).some(([key, value]) =>
    key.startsWith('__reactProps$') && handlers.some((name) => typeof value?.[name] === 'function'));
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.closest('[inert], [aria-hidden=true], [data-base-ui-inert]') === null && !element.disabled &&
    element.getBoundingClientRect().width > 1;
  const inside = (element) => element.parentElement?.closest(native) !== null;
  const name = (element) => {
    const text = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent;
    return element.tagName.toLowerCase() + ' “' + text.trim().replace(/\\s+/g, ' ').slice(0, 60) + '”';
  };
  const clicked = new Set();
  let blocking = false;
  addEventListener('click', (event) => {
    if (!blocking) return;
    for (const element of event.composedPath()) clicked.add(element);
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  addEventListener('submit', (event) => { if (blocking) event.preventDefault(); }, true);
  const reached = new Map();
  const passed = new Set();
  window.walk = {
    block(on) { blocking = on; },
    start() { reached.clear(); clicked.clear(); this.again(); },
    again() { passed.clear(); document.activeElement?.blur?.(); },
    /** Notes what has the focus; null at the end of the round. */
    stop() {
      const element = document.activeElement;
      // The page's end and a panel's guards are passed on the way round.
      if (element === null || element === document.body) return { kind: 'end' };
      if (element.hasAttribute('data-base-ui-focus-guard')) return { kind: 'guard' };
      if (passed.has(element)) return null;
      passed.add(element);
      if (reached.has(element)) return { kind: 'place' };
      const style = getComputedStyle(element);
      const box = element.getBoundingClientRect();
      // A label may stand for its radio: what is seen is the label's place.
      const at = [box.left + Math.min(box.width / 2, 40), box.top + Math.min(box.height / 2, 12)];
      const top = document.elementFromPoint(...at);
      const covered = top !== null && !element.contains(top) && !top.contains(element);
      reached.set(element, {
        marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0,
        covered: covered || top === null,
      });
      const kind = element.matches('input[type=radio]') ? 'radio' : element.matches('[role=tab]') ? 'tab' :
        element.matches('input, select, textarea') ? 'field' :
        element.matches('a[href], button, summary, [role=button], [role=link]') || has(element) ? 'act' : 'place';
      return { kind, mates: kind === 'radio' ? document.getElementsByName(element.name).length :
        kind === 'tab' ? element.closest('[role=tablist]').querySelectorAll('[role=tab]').length : 0 };
    },
    /** Whether the key that was pressed clicked what has the focus. */
    acted() { return clicked.has(document.activeElement); },
    here() { return name(document.activeElement); },
    findings() {
      const all = [...document.querySelectorAll('body *')].filter((element) =>
        shown(element) && !inside(element) && element.id !== 'app' &&
        (element.matches(native) || (has(element) && !element.matches('label, form, main') &&
          // A dialog's own boxes listen for what happens outside of it.
          element.closest('[role=dialog]') !== element && element.querySelector('[role=dialog]') === null)));
      const found = all.filter((element) => !reached.has(element)).map((element) => 'not reached: ' + name(element));
      for (const [element, { marked, covered }] of reached) {
        if (!marked) found.push('no mark: ' + name(element));
        if (covered) found.push('hidden: ' + name(element));
      }
      return { found, stops: reached.size };
    },
  };
})()`;

export interface Walk {
  readonly stops: number;
  readonly found: readonly string[];
}

interface Stop {
  readonly kind: 'radio' | 'tab' | 'field' | 'act' | 'place' | 'end' | 'guard';
  readonly mates?: number;
}

/** A panel moves the focus on from its guards a moment after they have it. */
const GUARD_MS = 50;

/** A page that works on something while it is walked has answered by the third round. */
const ROUNDS_MAX = 3;

/**
 * Walks the page round, presses Enter (or Space) on everything that acts, and lets nothing of it happen. What the walk
 * itself has changed, such as a choice that buttons wait for, may be reached in a later round only.
 */
export async function walkByKeyboard(page: Page, settled: () => Promise<void>): Promise<Walk> {
  await page.evaluate(`window.walk === undefined ? ${tools} : undefined`);
  await page.evaluate('window.walk.start()');
  const silent = await round(page);
  let walk = await page.evaluate<Walk>('window.walk.findings()');
  for (let rounds = 1; walk.found.length > 0 && rounds < ROUNDS_MAX; rounds++) {
    await settled();
    await page.evaluate('window.walk.again()');
    silent.push(...(await round(page)));
    walk = await page.evaluate<Walk>('window.walk.findings()');
  }
  return { stops: walk.stops, found: [...silent, ...walk.found] };
}

/** Names what no key activates. */
async function round(page: Page): Promise<string[]> {
  const silent: string[] = [];
  // A click may have set where Tab begins: the round ends at its first stop, or when the page has ended twice.
  for (let stops = 0, ends = 0; stops < STOPS_MAX && ends < 2; stops++) {
    await page.keyboard.press('Tab');
    let stop = await page.evaluate<Stop | null>('window.walk.stop()');
    if (stop?.kind === 'end' || stop?.kind === 'guard') {
      await page.waitForTimeout(GUARD_MS);
      stop = await page.evaluate<Stop | null>('window.walk.stop()');
    }
    if (stop === null) break;
    if (stop.kind === 'end') ends++;
    if (stop.kind === 'act' || stop.kind === 'tab') {
      await page.evaluate('window.walk.block(true)');
      await page.keyboard.press('Enter');
      if (!(await page.evaluate('window.walk.acted()'))) await page.keyboard.press('Space');
      if (!(await page.evaluate('window.walk.acted()')))
        silent.push(`no key acts on: ${await page.evaluate<string>('window.walk.here()')}`);
      await page.evaluate('window.walk.block(false)');
    }
    // A group is one stop; arrows go round in it and end where they began.
    const next = stop.kind === 'radio' ? 'ArrowDown' : 'ArrowRight';
    for (let mate = 0; mate < (stop.mates ?? 0); mate++) {
      await page.keyboard.press(next);
      await page.evaluate('window.walk.stop()');
    }
  }
  return silent;
}
