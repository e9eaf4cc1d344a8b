/** English: the source of all keys. Keys are named by where they stand, then by what they say; one file per part. */
import { connect } from './en/connect.ts';
import { first } from './en/first.ts';
import { foreign } from './en/foreign.ts';
import { keys } from './en/keys.ts';
import { trade } from './en/trade.ts';
import { wizard } from './en/wizard.ts';

export const en = {
  ...first,
  ...wizard,
  ...trade,
  ...foreign,
  ...connect,
  ...keys,
} as const;

export type MessageKey = keyof typeof en;
