/** English: the source of all keys. Keys are named by where they stand, then by what they say; one file per part. */
import { bots } from './en/bots.ts';
import { connect } from './en/connect.ts';
import { foreign } from './en/foreign.ts';
import { frame } from './en/frame.ts';
import { home } from './en/home.ts';
import { keys } from './en/keys.ts';
import { problems } from './en/problems.ts';
import { receipts } from './en/receipts.ts';
import { security } from './en/security.ts';
import { settings } from './en/settings.ts';
import { tests } from './en/tests.ts';
import { trade } from './en/trade.ts';
import { wizard } from './en/wizard.ts';

export const en = {
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
} as const;

export type MessageKey = keyof typeof en;
