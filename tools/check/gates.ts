import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkLayers } from '../layers/check-layers.ts';
import { checkLockfile } from '../lockfile/check-lockfile.ts';
import { checkTidy } from '../tidy/check-tidy.ts';
import { formatFindings } from './finding.ts';
import { toolFindings } from './tool.ts';

/** One check of the whole repository. `findings` resolves to what is wrong, or to the empty string. */
export type Gate = {
  readonly name: string;
  /** What holds when the gate is green. */
  readonly promise: string;
  readonly findings: (root: string) => Promise<string>;
};

/** How knip is run: with our settings wherever it looks, and without advice on them. */
export const knipArguments = [
  '--config',
  join(import.meta.dirname, 'knip.ts'),
  '--no-progress',
  '--no-config-hints',
];

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
    // Two worlds: what runs in Node, and the dashboard, which knows the browser's names alone.
    findings: async (root) => {
      const projects = ['.', 'packages/web'].filter((project) =>
        existsSync(join(root, project, 'tsconfig.json')),
      );
      const found: string[] = [];
      for (const project of projects) {
        found.push(await toolFindings(root, 'tsc', ['-p', project, '--pretty', 'false']));
      }
      return found.join('');
    },
  },
  {
    name: 'layers',
    promise: 'imports follow tools/layers/zones.ts',
    findings: (root) => Promise.resolve(formatFindings(checkLayers(root))),
  },
  {
    name: 'tidy',
    promise: 'names, lengths, words and tests are in order (tools/tidy)',
    findings: (root) => Promise.resolve(formatFindings(checkTidy(root))),
  },
  {
    name: 'lockfile',
    promise: 'package-lock.json is complete, hashed, exact and in step',
    findings: (root) => Promise.resolve(formatFindings(checkLockfile(root))),
  },
  {
    name: 'unused',
    promise: 'no file, export or dependency is unused (tools/check/knip.ts)',
    findings: (root) => toolFindings(root, 'knip', knipArguments),
  },
];
