import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { KnipConfig } from 'knip';

/**
 * What knip looks at. Exports that only their own file uses are allowed: they are types that others infer.
 * The program is run in the folder that it checks.
 */
const config: KnipConfig = {
  include: ['files', 'dependencies', 'unlisted', 'unresolved', 'exports', 'types'],
  ignoreExportsUsedInFile: true,
  // tools/check/gates.ts starts these under their file names, which knip does not follow.
  ignoreDependencies: ['oxlint', 'oxlint-tsgolint'],
  workspaces: {
    '.': {
      entry: [
        'start.mjs',
        'tools/*.{ts,mjs}',
        'tools/check/knip.ts',
        'tools/test/reporter.ts',
        'tools/**/*.test.ts',
        'benches/*.ts',
        'sim/**/*.test.ts',
        'e2e/**/*.test.ts',
      ],
      project: ['*.mjs', '{tools,benches,sim,e2e}/**/*.{ts,mjs}', '!tools/fixtures/**'],
    },
    'packages/*': {
      entry: ['src/**/main.ts', 'src/**/*.test.ts', 'tests/**/*.test.ts', 'build/*.ts', ...namedByPath()],
      project: ['src/**/*.{ts,tsx}', 'tests/**/*.ts', 'build/**/*.ts'],
    },
  },
};

// oxlint-disable-next-line import/no-default-export -- knip reads its settings from there
export default config;

/** Files that another one names in a string, to start them as a program or to hand them to a bundler. */
function namedByPath(): string[] {
  const named = new Set<string>();
  for (const path of globSync(['packages/*/{src,tests,build}/**/*.ts', 'benches/*.ts'])) {
    for (const [, name] of readFileSync(path, 'utf8').matchAll(
      /(?<!(?:from|import) *\(?)'[^'\n]*?([\w.-]+\.ts)'/gu,
    )) {
      if (name !== undefined) named.add(name);
    }
  }
  return globSync('packages/*/{src,tests,build}/**/*.ts')
    .filter((path) => named.has(basename(path)))
    .map((path) => path.replaceAll('\\', '/').split('/').slice(2).join('/'));
}
