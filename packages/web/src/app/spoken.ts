/**
 * The language that the page speaks now. English comes with the page, and with the server's answers: their sentences
 * are English, so nothing of them is in the English dictionary. Another language is fetched when it is chosen, with its
 * page's messages and with the server's sayings by their codes; until it is there, the page speaks as before.
 */
import type { Saying } from '@counterfoil/api';
import { useSyncExternalStore } from 'react';
import { type MessageKey, en } from '../messages/en.ts';
import { type Display, onDisplay, shownNow } from './display.ts';

export interface Spoken {
  readonly language: Display['language'];
  readonly messages: Readonly<Record<MessageKey, string>>;
  /** Undefined for a code that is newer than this page. Null where the server speaks the language itself. */
  readonly tell: ((saying: Saying) => string | undefined) | null;
}

const english: Spoken = { language: 'en', messages: en, tell: null };

const others: Readonly<Record<Exclude<Display['language'], 'en'>, () => Promise<Spoken>>> = {
  de: async () => (await import('../messages/german.ts')).german,
};

let spoken = english;
const listeners = new Set<() => void>();

/** Speaks the chosen language once its dictionary is there; what cannot be fetched is not spoken. */
export async function speakAsChosen(): Promise<void> {
  const { language } = shownNow();
  const found = language === 'en' ? english : await others[language]().catch(() => spoken);
  // Chosen otherwise meanwhile: whoever chose it speaks it.
  if (shownNow().language !== language) return;
  spoken = found;
  document.documentElement.lang = spoken.language;
  for (const listener of listeners) listener();
}

onDisplay(() => {
  if (shownNow().language !== spoken.language) void speakAsChosen();
});

export function useSpoken(): Spoken {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => spoken,
  );
}
