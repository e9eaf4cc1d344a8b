/**
 * What the first page says, and every page that is opened without waiting for more words (`app/router.tsx`).
 */
import { bots } from './bots.ts';
import { frame } from './frame.ts';
import { home } from './home.ts';
import { problems } from './problems.ts';
import { receipts } from './receipts.ts';
import { security } from './security.ts';
import { settings } from './settings.ts';
import { tests } from './tests.ts';

export const first = {
  ...frame,
  ...home,
  ...bots,
  ...tests,
  ...receipts,
  ...security,
  ...settings,
  ...problems,
} as const;

export type FirstKey = keyof typeof first;
