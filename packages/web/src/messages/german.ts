/** What the first page in German says, and every page that needs no more words: fetched by whoever reads German. */
import { teller } from '../app/teller.ts';
import type { Spoken } from '../app/spoken.ts';
import { first } from './de/first.ts';
import { common } from './de/sayings.ts';

export const german: Spoken = { language: 'de', messages: first, tell: teller('de', common) };
