/** What the first page in English says by itself; what the server says comes in English from there. */
import type { Spoken } from '../app/spoken.ts';
import { first } from './en/first.ts';

export const english: Spoken = { language: 'en', messages: first, tell: null };
