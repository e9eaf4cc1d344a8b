// Rules about words that may not stand anywhere in the repository, prose included.
import { isCode, linesMatching } from './match.ts';
import type { TidyRule } from './rules.ts';

// The lists below spell the words out.
const self = 'tools/tidy/word-rules.ts';

// Promises that nobody can keep; the README says what we promise instead.
const boasts = /\b(?:un-?hack-?able|military[- ]grade|zero[- ]trust|bullet-?proof|100 ?% (?:safe|secure))/iu;

// The repository speaks of the product, not of how it was written.
const processTalk = /\b(?:as an AI|AI assistant|language model|sub-?agents?|coding agent)\b/iu;

const machinePath = /(?<![\w.~-])(?:\/(?:work|Users|home|root)\/[\w.-]+|[A-Z]:\\Users\\)/u;

/** Rules that `tidy` applies to the text of every file. */
export const wordRules: readonly TidyRule[] = [
  {
    name: 'boast',
    broken: (file) => avoid(file, boasts, (found) => `"${found}" promises what nobody can keep`),
  },
  {
    name: 'process-talk',
    broken: (file) => avoid(file, processTalk, (found) => `"${found}": speak of the product alone`),
  },
  {
    name: 'machine-path',
    broken: (file) => avoid(file, machinePath, (found) => `"${found}" is a path of one machine`),
  },
  {
    name: 'stray-todo',
    broken: (file) =>
      isCode(file.path)
        ? avoid(file, /\b(?:TODO|FIXME|XXX|HACK)\b/u, (found) => `${found}: do it or drop it`)
        : [],
  },
  {
    name: 'reasoned-disable',
    broken: (file) =>
      avoid(
        file,
        /(?:oxlint|eslint)-disable(?!.* -- \S)/u,
        () => 'say why after ` -- ` when a lint rule is disabled',
      ),
  },
];

const avoid: typeof linesMatching = (file, pattern, message) =>
  file.path === self ? [] : linesMatching(file, pattern, message);
