import { toolFindings } from './tool.ts';

/** One check of the whole repository. `findings` resolves to what is wrong, or to the empty string. */
export type Gate = {
  readonly name: string;
  /** What holds when the gate is green. */
  readonly promise: string;
  readonly findings: (root: string) => Promise<string>;
};

/** Cheapest first; `npm run check NAME` runs one of them. */
export const gates: readonly Gate[] = [
  {
    name: 'format',
    promise: 'every file is formatted (`npm run format` does it)',
    findings: (root) => toolFindings(root, 'oxfmt', ['--check']),
  },
  {
    name: 'lint',
    promise: 'typed lint rules hold (.oxlintrc.json)',
    findings: (root) => toolFindings(root, 'oxlint', ['--max-warnings=0', '--format=unix']),
  },
  {
    name: 'types',
    promise: 'TypeScript finds no error',
    findings: (root) => toolFindings(root, 'tsc', ['-p', '.', '--pretty', 'false']),
  },
];
