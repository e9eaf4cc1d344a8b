/** All that a page in German says: a file of its own, fetched by whoever reads German. */
import { teller } from '../app/teller.ts';
import type { Spoken } from '../app/spoken.ts';
import { de } from './de.ts';
import { sayings } from './de/sayings.ts';

export const german: Spoken = { language: 'de', messages: de, tell: teller('de', sayings) };
