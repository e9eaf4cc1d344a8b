import type { Broken } from './rules.ts';
import type { TextFile } from './tree.ts';

/** TypeScript, JavaScript, SQL, shell and the like: what is read as code. */
export function isCode(path: string): boolean {
  return /\.(?:ts|tsx|mts|mjs|js|cjs|sql|sh|css)$|^\.ci\//u.test(path);
}

/** One entry per line of `file` that `pattern` (without the `g` flag) matches. */
export function linesMatching(
  { lines }: TextFile,
  pattern: RegExp,
  message: (found: string) => string,
): Broken[] {
  return lines.flatMap((text, index) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [{ line: index + 1, message: message(found) }];
  });
}
