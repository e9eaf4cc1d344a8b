/** All that a page in German says. */
import { teller } from '../app/teller.ts';
import type { Spoken } from '../app/spoken.ts';
import { de } from './de.ts';
import { common } from './de/sayings.ts';
import { refusals } from './de/sayings/refusals.ts';
import { german } from './german.ts';

export const germanInFull: Spoken = {
  ...german,
  messages: de,
  tell: teller('de', { ...common, ...refusals }),
};
