/** What the page says, in the reader's language: ICU messages, complete in every language by their type. */
import { useCallback } from 'react';
import type { MessageKey } from '../messages/en.ts';
import { type MessageValues, filled } from './filled.ts';
import { spokenNow, useSpoken } from './spoken.ts';

export type { MessageKey };
export type Say = (key: MessageKey, values?: MessageValues) => string;

/** Whether a key that was put together is one of the dictionary's. */
export function isMessage(key: string): key is MessageKey {
  return Object.hasOwn(spokenNow().messages, key);
}

/** Says a message in the language that the page speaks now. */
export function useSay(): Say {
  const spoken = useSpoken();
  return useCallback(
    // A page that says more than the first one waits for its words (`router.tsx`); the key itself would be a mistake.
    (key, values) => filled(spoken.language, spoken.messages[key] ?? key, values),
    [spoken],
  );
}
