/** What the page says, in the reader's language: ICU messages, complete in every language by their type. */
import { IntlMessageFormat } from 'intl-messageformat';
import { useCallback } from 'react';
import { de } from '../messages/de.ts';
import { type MessageKey, en } from '../messages/en.ts';
import { type Display, useDisplay } from './display.ts';

export type { MessageKey };
export type MessageValues = Readonly<Record<string, string | number>>;
export type Say = (key: MessageKey, values?: MessageValues) => string;

const messages = { en, de } as const;
const made = new Map<string, IntlMessageFormat>();

export function say(language: Display['language'], key: MessageKey, values?: MessageValues): string {
  const name = `${language} ${key}`;
  let format = made.get(name);
  if (format === undefined) {
    format = new IntlMessageFormat(messages[language][key], language);
    made.set(name, format);
  }
  return String(format.format(values));
}

/** Whether a key that was put together is one of the dictionary's. */
export function isMessage(key: string): key is MessageKey {
  return Object.hasOwn(en, key);
}

/** `say` in the language that is set now. */
export function useSay(): Say {
  const { language } = useDisplay();
  return useCallback((key, values) => say(language, key, values), [language]);
}
