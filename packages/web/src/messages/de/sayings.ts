/**
 * What the server says, in German. In English the page shows the server's own sentence. Refusals of options are apart:
 * two pages say them.
 */
import type { CodeOf, SayingCode } from '@counterfoil/api/sayings';
import { decisions } from './sayings/decisions.ts';
import { deeds } from './sayings/deeds.ts';
import { notices } from './sayings/notices.ts';
import { reasons } from './sayings/reasons.ts';
import { security } from './sayings/security.ts';
import { tests } from './sayings/tests.ts';
import { waiting } from './sayings/waiting.ts';

export const common: Readonly<Record<Exclude<SayingCode, CodeOf<'refusals'>>, string>> = {
  ...decisions,
  ...waiting,
  ...reasons,
  ...deeds,
  ...notices,
  ...security,
  ...tests,
};
