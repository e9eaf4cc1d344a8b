/** German. The type makes a missing or misspelt key an error. */
import type { MessageKey } from './en.ts';
import { connect } from './de/connect.ts';
import { first } from './de/first.ts';
import { foreign } from './de/foreign.ts';
import { keys } from './de/keys.ts';
import { trade } from './de/trade.ts';
import { wizard } from './de/wizard.ts';

export const de: Readonly<Record<MessageKey, string>> = {
  ...first,
  ...wizard,
  ...trade,
  ...foreign,
  ...connect,
  ...keys,
};
