import { globSync } from 'node:fs';
import { join } from 'node:path';

const places = ['packages/*/src', 'packages/*/tests', 'tools', 'e2e', 'sim'];

/** Files that fail, crash or hang on purpose. */
const fixtures = /(?:^|\/)fixtures\//u;

/**
 * Paths, relative to `root`, of the test files whose path contains any of `filters` (all of them when there are none).
 * With `long`, the full-count versions `*.long.test.ts` instead of the others.
 */
export function findTests(root: string, filters: readonly string[], long: boolean): string[] {
  return globSync(
    places.map((place) => `${place}/**/*.test.ts`),
    { cwd: root },
  )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !fixtures.test(path) && !path.includes('node_modules/'))
    .filter((path) => path.endsWith('.long.test.ts') === long)
    .filter((path) => filters.length === 0 || filters.some((filter) => path.includes(filter)))
    .toSorted((a, b) => Number(isUnit(a)) - Number(isUnit(b)) || (a < b ? -1 : 1));
}

/** Units take moments; begun last, they fill the gaps that the long integration tests leave. */
function isUnit(path: string): boolean {
  return path.includes('/src/');
}

/** Whether the file asked, by its name, to run while no other does (it measures, or it fills the machine). */
export function runsAlone(path: string): boolean {
  return path.endsWith('.alone.test.ts') || path.endsWith('.alone.long.test.ts');
}

/** Where the runner's reporter lies. */
export const reporterPath = join(import.meta.dirname, 'reporter.ts');
