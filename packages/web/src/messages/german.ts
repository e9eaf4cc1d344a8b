/** What the first page in German says, and every page that refuses no options: fetched by whoever reads German. */
import { teller } from '../app/teller.ts';
import type { Spoken } from '../app/spoken.ts';
import { de } from './de.ts';
import { common } from './de/sayings.ts';

export const german: Spoken = { language: 'de', messages: de, tell: teller('de', common) };
