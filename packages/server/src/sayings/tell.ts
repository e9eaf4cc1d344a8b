/**
 * What the server says to people: each saying with its English, which is written here and nowhere else. The command
 * line, webhooks and a page in English show the sentence as it comes; a page in another language has its own dictionary
 * of the same codes.
 */
import type { Saying, SayingCode, Sentence, ValuesOf } from '@counterfoil/api';
import { refusalWords } from '@counterfoil/engine';
import { decisions } from './decisions.ts';
import { deeds } from './deeds.ts';
import type { English, Say } from './english.ts';
import { notices } from './notices.ts';
import { reasons } from './reasons.ts';
import { security } from './security.ts';
import { tests } from './tests.ts';
import { waiting } from './waiting.ts';

const english: English<SayingCode> = {
  ...decisions,
  ...waiting,
  ...reasons,
  ...deeds,
  ...notices,
  ...security,
  ...tests,
  // The engine's own, which the lab's reports say too.
  ...refusalWords,
};

export function inEnglish({ code, values }: Saying): string {
  // The code picks the function that takes its values; the compiler cannot see that they belong together.
  return (english[code] as (given: typeof values, say: Say) => string)(values, inEnglish);
}

/** A sentence whose saying is known. */
export interface Told extends Sentence {
  readonly said: Saying;
}

export function saidOf<Code extends SayingCode>(code: Code, values: ValuesOf<Code>): Saying {
  // The same again: the pair is one of the union's.
  return { code, values } as unknown as Saying;
}

/** The sentence with what it was made of. */
export function told<Code extends SayingCode>(code: Code, values: ValuesOf<Code>): Told {
  return toldOf(saidOf(code, values));
}

/** The same of a saying that is made already. */
export function toldOf(said: Saying): Told {
  return { sentence: inEnglish(said), said };
}
