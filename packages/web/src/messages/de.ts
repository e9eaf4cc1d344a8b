/** German. The type makes a missing or misspelt key an error. */
import type { MessageKey } from './en.ts';
import { bots } from './de/bots.ts';
import { connect } from './de/connect.ts';
import { foreign } from './de/foreign.ts';
import { frame } from './de/frame.ts';
import { home } from './de/home.ts';
import { keys } from './de/keys.ts';
import { problems } from './de/problems.ts';
import { receipts } from './de/receipts.ts';
import { security } from './de/security.ts';
import { settings } from './de/settings.ts';
import { tests } from './de/tests.ts';
import { trade } from './de/trade.ts';
import { wizard } from './de/wizard.ts';

export const de: Readonly<Record<MessageKey, string>> = {
  ...frame,
  ...home,
  ...bots,
  ...wizard,
  ...tests,
  ...trade,
  ...receipts,
  ...security,
  ...foreign,
  ...connect,
  ...keys,
  ...settings,
  ...problems,
};
