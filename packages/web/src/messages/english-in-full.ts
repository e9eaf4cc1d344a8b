/** All that a page in English says by itself. */
import type { Spoken } from '../app/spoken.ts';
import { en } from './en.ts';
import { english } from './english.ts';

export const englishInFull: Spoken = { ...english, messages: en };
