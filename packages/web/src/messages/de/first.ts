import type { FirstKey } from '../en/first.ts';
import { bots } from './bots.ts';
import { frame } from './frame.ts';
import { home } from './home.ts';
import { problems } from './problems.ts';
import { receipts } from './receipts.ts';
import { security } from './security.ts';
import { settings } from './settings.ts';
import { tests } from './tests.ts';

export const first: Readonly<Record<FirstKey, string>> = {
  ...frame,
  ...home,
  ...bots,
  ...tests,
  ...receipts,
  ...security,
  ...settings,
  ...problems,
};
