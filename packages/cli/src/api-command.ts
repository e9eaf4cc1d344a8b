/** What commands over the API share: options, and two ways to print. */
import { parseArgs } from 'node:util';
import { homeFolder } from './home.ts';

export interface Invocation {
  readonly words: readonly string[];
  readonly flags: Readonly<Record<string, string | boolean | undefined>>;
  readonly json: boolean;
  readonly home: string;
}

type Flags = Readonly<Record<string, { readonly type: 'string' | 'boolean' }>>;

/** Null where help was asked for, which is printed then. */
export function readInvocation(args: readonly string[], help: string, flags: Flags = {}): Invocation | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...flags,
      json: { type: 'boolean' },
      home: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const given: Readonly<Record<string, string | boolean | undefined>> = values;
  if (given['help'] === true) {
    process.stdout.write(help);
    return null;
  }
  const home = given['home'];
  return {
    words: positionals,
    flags: given,
    json: given['json'] === true,
    home: homeFolder(typeof home === 'string' ? home : undefined),
  };
}

export function print(invocation: Invocation, value: unknown, text: () => string): void {
  process.stdout.write(invocation.json ? `${JSON.stringify(value)}\n` : `${text()}\n`);
}

/** Rows under their heads, as wide as they need to be. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, n) => Math.max(head.length, ...rows.map((row) => row[n]?.length ?? 0)));
  return [heads, ...rows]
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
