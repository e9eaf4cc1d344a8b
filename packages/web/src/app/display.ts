/** How this browser shows things: theme, profit colours, language, hidden amounts. Kept in the browser alone. */
import { useSyncExternalStore } from 'react';

export const themes = ['system', 'dark', 'light'] as const;
/** Profit and loss: teal/red, blue/orange (safe for every colour vision), or red for up as in East Asia. */
export const palettes = ['standard', 'blue-orange', 'red-up'] as const;
export const languages = ['en', 'de'] as const;

export interface Display {
  readonly theme: (typeof themes)[number];
  readonly palette: (typeof palettes)[number];
  readonly language: (typeof languages)[number];
  readonly density: 'comfortable' | 'compact';
  readonly hideAmounts: boolean;
}

const KEY = 'counterfoil-display';
const listeners = new Set<() => void>();
const dark = matchMedia('(prefers-color-scheme: dark)');

function preferredLanguage(): Display['language'] {
  return navigator.language.toLowerCase().startsWith('de') ? 'de' : 'en';
}

function oneOf<T extends string>(words: readonly T[], value: unknown, otherwise: T): T {
  return words.find((word) => word === value) ?? otherwise;
}

/** Storage may be empty, full, forbidden or from another version: then what it lacks has its default. */
function stored(): Display {
  let found: Readonly<Record<string, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) found = { ...parsed };
  } catch {
    // Display settings are a convenience; the defaults are good.
  }
  return {
    theme: oneOf(themes, found['theme'], 'system'),
    palette: oneOf(palettes, found['palette'], 'standard'),
    language: oneOf(languages, found['language'], preferredLanguage()),
    density: oneOf(['comfortable', 'compact'], found['density'], 'comfortable'),
    hideAmounts: found['hideAmounts'] === true,
  };
}

let display = stored();

function apply(): void {
  const { dataset } = document.documentElement;
  dataset['theme'] = display.theme === 'system' ? (dark.matches ? 'dark' : 'light') : display.theme;
  dataset['palette'] = display.palette;
  dataset['density'] = display.density;
  for (const listener of listeners) listener();
}

dark.addEventListener('change', apply);
// Another tab of the same person changes it here too.
addEventListener('storage', (event) => {
  if (event.key !== KEY) return;
  display = stored();
  apply();
});
apply();

export function setDisplay(change: Partial<Display>): void {
  display = { ...display, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(display));
  } catch {
    // It holds until the page is closed.
  }
  apply();
}

export function shownNow(): Display {
  return display;
}

/** Calls `listener` at every change, until what is returned is called. */
export function onDisplay(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDisplay(): Display {
  return useSyncExternalStore(onDisplay, shownNow);
}
