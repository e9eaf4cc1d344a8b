/**
 * The language that the page speaks now. Each comes in a file of its own, so that nobody waits for two. The server's
 * sentences are English, and nothing of them is in the English dictionary; another language has its page's messages and
 * the server's sayings by their codes. What only some pages say is apart in both, and comes before those. Until a
 * language that was chosen is there, the page speaks as before.
 */
import type { Saying } from '@counterfoil/api';
import { useSyncExternalStore } from 'react';
import type { MessageKey } from '../messages/en.ts';
import type { FirstKey } from '../messages/en/first.ts';
import { type Display, onDisplay, shownNow } from './display.ts';

export interface Spoken {
  readonly language: Display['language'];
  /** All of them where the page speaks in full. */
  readonly messages: Readonly<Record<FirstKey, string> & Partial<Record<MessageKey, string>>>;
  /** Undefined for a code that is newer than this page. Null where the server speaks the language itself. */
  readonly tell: ((saying: Saying) => string | undefined) | null;
}

interface Language {
  /** Enough for the first page. */
  readonly first: () => Promise<Spoken>;
  readonly full: () => Promise<Spoken>;
}

const languages: Readonly<Record<Display['language'], Language>> = {
  en: {
    first: async () => (await import('../messages/english.ts')).english,
    full: async () => (await import('../messages/english-in-full.ts')).englishInFull,
  },
  de: {
    first: async () => (await import('../messages/german.ts')).german,
    full: async () => (await import('../messages/german-in-full.ts')).germanInFull,
  },
};

let spoken: Spoken | null = null;
let isFull = false;
const listeners = new Set<() => void>();

/** Speaks the chosen language from when its file is there; nothing is shown before the first one is. */
export async function speakAsChosen(): Promise<void> {
  const { language } = shownNow();
  const extent = isFull ? 'full' : 'first';
  const found = await languages[language][extent]();
  // Chosen otherwise meanwhile: whoever chose it speaks it.
  if (shownNow().language !== language) return speakAsChosen();
  if (isFull && extent === 'first') return;
  spoken = found;
  document.documentElement.lang = language;
  for (const listener of listeners) listener();
}

/** For a page that says what the first page does not; it is shown once this is there. */
export async function speakInFull(): Promise<void> {
  isFull = true;
  await speakAsChosen();
}

onDisplay(() => {
  // What cannot be fetched is not spoken; the next change of anything tries again.
  if (shownNow().language !== spoken?.language) void speakAsChosen().catch(() => undefined);
});

export function spokenNow(): Spoken {
  if (spoken === null) throw new Error('the page is shown once it can speak');
  return spoken;
}

export function useSpoken(): Spoken {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, spokenNow);
}
