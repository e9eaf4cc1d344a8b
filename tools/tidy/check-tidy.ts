import type { Finding } from '../check/finding.ts';
import { tidyRules, type TidyRule } from './rules.ts';
import { readTree } from './tree.ts';

/** Every broken tidy rule in the repository at `root`. */
export function checkTidy(root: string, rules: readonly TidyRule[] = tidyRules): Finding[] {
  return readTree(root).flatMap((file) =>
    rules.flatMap(({ name, broken }) =>
      broken(file).map(({ line, message }) => ({ path: file.path, line, rule: name, message })),
    ),
  );
}
