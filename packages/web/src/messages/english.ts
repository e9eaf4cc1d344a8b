/** All that a page in English says by itself; what the server says comes in English from there. */
import type { Spoken } from '../app/spoken.ts';
import { en } from './en.ts';

export const english: Spoken = { language: 'en', messages: en, tell: null };
