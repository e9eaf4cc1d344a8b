/** A sentence of the server in the language that the page speaks. */
import type { Saying } from '@counterfoil/api';
import { useCallback } from 'react';
import { useSpoken } from './spoken.ts';

/** A sentence of the server as answers have it. */
export interface Sentence {
  readonly sentence: string;
  readonly said: Saying | null;
}

export interface ToldText {
  readonly text: string;
  /** Set where the page speaks another language than this text. */
  readonly lang?: 'en';
}

/** The server's own words where there is nothing else: rows of before, and codes newer than this page. */
export function useTold(): (sentence: Sentence) => ToldText {
  const { tell } = useSpoken();
  return useCallback(
    ({ sentence, said }) => {
      if (tell === null) return { text: sentence };
      const text = said === null ? undefined : tell(said);
      return text === undefined ? { text: sentence, lang: 'en' } : { text };
    },
    [tell],
  );
}
