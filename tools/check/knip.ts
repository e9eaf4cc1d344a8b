import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { KnipConfig } from 'knip';

const namedInPackages = namedByPath('packages/*/{src,tests,build}/**/*.ts').map((path) =>
  path.split('/').slice(2).join('/'),
);

/**
 * What knip looks at. Exports that only their own file uses are allowed: they are types that others infer.
 * The program is run in the folder that it checks.
 */
const config: KnipConfig = {
  include: ['files', 'dependencies', 'unlisted', 'unresolved', 'exports', 'types'],
  ignoreExportsUsedInFile: true,
  // tools/check/gates.ts starts these under their file names, which knip does not follow.
  // tailwindcss is named by a style sheet, which knip does not read.
  ignoreDependencies: ['oxlint', 'oxlint-tsgolint', 'tailwindcss'],
  workspaces: {
    '.': {
      entry: [
        'start.mjs',
        'tools/*.{ts,mjs}',
        'tools/check/knip.ts',
        'tools/test/reporter.ts',
        'tools/**/*.test.ts',
        'benches/*.ts',
        'sim/main.ts',
        'sim/**/*.test.ts',
        'e2e/**/*.test.ts',
        ...namedByPath('{benches,sim,e2e}/**/*.ts'),
      ],
      project: ['*.mjs', '{tools,benches,sim,e2e}/**/*.{ts,mjs}', '!tools/fixtures/**'],
    },
    'packages/*': {
      entry: [
        'src/**/main.{ts,tsx}',
        'src/**/*.test.ts',
        'tests/**/*.test.ts',
        'build/*.ts',
        ...namedInPackages,
      ],
      project: ['src/**/*.{ts,tsx}', 'tests/**/*.ts', 'build/**/*.ts'],
    },
  },
};

// oxlint-disable-next-line import/no-default-export -- knip reads its settings from there
export default config;

/** Files among `candidates` that another one names in a string, to start them or to hand them to a bundler. */
function namedByPath(candidates: string): string[] {
  const named = new Set<string>();
  for (const path of globSync(['packages/*/{src,tests,build}/**/*.ts', '{benches,sim,e2e}/**/*.ts'])) {
    for (const [, name] of readFileSync(path, 'utf8').matchAll(
      /(?<!(?:from|import) *\(?)'[^'\n]*?([\w.-]+\.ts)'/gu,
    )) {
      if (name !== undefined) named.add(name);
    }
  }
  return globSync(candidates)
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => named.has(basename(path)));
}
