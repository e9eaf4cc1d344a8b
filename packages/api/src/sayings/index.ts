/**
 * What the server says to people, as codes and values beside its English sentences. English is written once, by the
 * server, and is the same on a page, in a terminal and in a webhook; a page in another language says the saying from a
 * dictionary of its own and needs no English to parse. Both are complete by type: `Record<SayingCode, …>`.
 */
import { decisions } from './decisions.ts';
import { deeds } from './deeds.ts';
import { notices } from './notices.ts';
import { reasons } from './reasons.ts';
import { refusals } from './refusals.ts';
import { security } from './security.ts';
import { tests } from './tests.ts';
import type { Value, ValueName } from './values.ts';
import { waiting } from './waiting.ts';

export { type Kind, type Value, type ValueName, valueKinds } from './values.ts';

const groups = { decisions, waiting, reasons, deeds, notices, security, tests, refusals } as const;

/** Every code, with the names of its values. */
export const sayings = {
  ...groups.decisions,
  ...groups.waiting,
  ...groups.reasons,
  ...groups.deeds,
  ...groups.notices,
  ...groups.security,
  ...groups.tests,
  ...groups.refusals,
} as const satisfies Readonly<Record<string, readonly ValueName[]>>;

export type SayingCode = keyof typeof sayings;
/** The codes of one file of this folder: English and every dictionary are divided alike. */
export type CodeOf<Group extends keyof typeof groups> = keyof (typeof groups)[Group];
export type ValuesOf<Code extends SayingCode> = {
  readonly [Name in (typeof sayings)[Code][number]]: Value<Name>;
};
export type Saying = {
  [Code in SayingCode]: { readonly code: Code; readonly values: ValuesOf<Code> };
}[SayingCode];
