// Rules about tests: none hidden, none named twice.
import { onlyPattern } from '../test/only-pattern.ts';
import { linesMatching } from './match.ts';
import type { Broken, TidyRule } from './rules.ts';
import type { TextFile } from './tree.ts';

const isTest = (path: string): boolean => /\.test\.tsx?$/u.test(path);
const named = /\b(?:test|it)\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/gu;

/** Rules that `tidy` applies to test files. */
export const testRules: readonly TidyRule[] = [
  {
    name: 'test-only',
    broken: (file) => inTests(file, onlyPattern, () => '`only` hides every other test of the file'),
  },
  {
    name: 'test-skip',
    broken: (file) =>
      inTests(
        file,
        /\b(?:test|it|describe|suite)\.(?:skip|todo)\(|\b(?:skip|todo): *true\b|\bt\.(?:skip|todo)\(\)/u,
        (found) => `"${found}": a test is skipped at run time, with a reason of tools/allowed-skips.json`,
      ),
  },
  { name: 'duplicate-test-name', broken: (file) => (isTest(file.path) ? duplicateNames(file) : []) },
];

function duplicateNames({ text }: TextFile): Broken[] {
  const seen = new Set<string>();
  return [...text.matchAll(named)].flatMap(({ 1: quote, 2: name = '', index }) => {
    // A name made from a template differs from round to round.
    if (quote === '`' && name.includes('${')) return [];
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [
      { line: text.slice(0, index).split('\n').length, message: `"${name}" names two tests of this file` },
    ];
  });
}

const inTests: typeof linesMatching = (file, pattern, message) =>
  isTest(file.path) ? linesMatching(file, pattern, message) : [];
