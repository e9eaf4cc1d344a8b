import type { FileResult } from './run-file.ts';

/** The outcome of a run. */
export type Tally = {
  readonly files: number;
  readonly passed: number;
  readonly failures: readonly { readonly name: string; readonly error: string; readonly output: string }[];
  readonly skips: readonly { readonly name: string; readonly path: string; readonly reason: string }[];
};

/** Adds files up. A skip whose reason begins with none of `allowedReasons` is a failure; so is a run without tests. */
export function tally(results: readonly FileResult[], allowedReasons: readonly string[]): Tally {
  const skips = results.flatMap(({ path, skips }) => skips.map((skip) => ({ ...skip, path })));
  const allowed = (reason: string): boolean => allowedReasons.some((start) => reason.startsWith(start));
  const failures = results.flatMap(({ failures, output }) =>
    // A file's output is shown once, under its last failure.
    failures.map((failure, index) => ({ ...failure, output: index === failures.length - 1 ? output : '' })),
  );
  for (const { name, path, reason } of skips.filter((skip) => !allowed(skip.reason))) {
    const error = `Skipped with the reason "${reason}", which tools/allowed-skips.json does not list.`;
    failures.push({ name: `${name} (${path})`, error, output: '' });
  }
  if (results.length === 0) failures.push({ name: 'the run', error: 'No test file was found.', output: '' });
  return {
    files: results.length,
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failures,
    skips: skips.filter((skip) => allowed(skip.reason)),
  };
}
