import { fileRules } from './file-rules.ts';
import { testRules } from './test-rules.ts';
import type { TextFile } from './tree.ts';
import { wordRules } from './word-rules.ts';

/** Where a rule is broken within one file. */
export type Broken = { readonly line: number; readonly message: string };

/** A rule about one text file. */
export type TidyRule = {
  readonly name: string;
  readonly broken: (file: TextFile) => readonly Broken[];
};

/** Every tidy rule. */
export const tidyRules: readonly TidyRule[] = [...fileRules, ...wordRules, ...testRules];
