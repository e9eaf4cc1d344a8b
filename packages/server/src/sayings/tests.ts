/** English for previews and tests. What reports on the command line say too, the lab words for both. */
import type { CodeOf } from '@counterfoil/api/sayings';
import { remarkWords } from '@counterfoil/lab';
import type { English } from './english.ts';

export const tests: English<CodeOf<'tests'>> = {
  ...remarkWords,

  'plan-without-stop': () => 'Without a stop loss a deal can lose everything that it entered with.',
  'plan-without-target': () => 'Without a target the deal closes by condition, time or hand only.',
  'plan-in-percent': () => 'Sizes in percent count from the money that is free then.',
  'grid-without-stop': () => 'Below its lowest line the grid holds what it bought, without a stop.',
  'position-without-stop': () => 'Without a stop the position can lose everything.',

  'prices-made-up': () =>
    'The prices are made up: this shows how the bot works, and says nothing about what it would earn.',
  'rows-cut': ({ rowsOf, total, shown }) =>
    `Of ${total} ${rowsOf} the last ${shown} are shown; the figures count all.`,
  'combinations-left-out': ({ combinations, quoted }) =>
    `${combinations} combinations cannot work and were left out, the first because: ${quoted}`,
  'best-of-many': () => 'The best of many tries is partly luck: try it on data that it was not chosen by.',

  'test-of-bot': ({ job, kind, dataSet }) => `${job} of ${kind} on ${dataSet}`,
};
