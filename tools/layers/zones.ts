/** A part of the repository and what it may name. */
export type Zone = {
  readonly name: string;
  /** Path prefixes (folders end in `/`) or single files, relative to the repository. The longest match rules. */
  readonly at: readonly string[];
  /** Workspace packages without their scope: `engine` is any entry point of it, `engine/fills` that one alone. */
  readonly packages: readonly string[];
  /** Node built-ins with their prefix. */
  readonly builtins: 'any' | readonly string[];
  /** npm packages; `declared` is whatever the package's own package.json names, each with its reason in the README. */
  readonly npm: 'declared' | readonly string[];
  /** Other zones of the same package that a relative import may reach. */
  readonly reaches: readonly string[];
};

const pure = { builtins: [], npm: [], reaches: [] } as const;
const free = { builtins: 'any', npm: 'declared', reaches: [] } as const;

/**
 * Who may import whom. Arrows point down only; nobody imports the vault, and the programs that `desk` starts are
 * named by path, not imported. ARCHITECTURE.md says why.
 */
export const zones: readonly Zone[] = [
  { name: 'vocabulary', at: ['packages/vocabulary/src/'], packages: [], ...pure },
  {
    name: 'wire',
    at: ['packages/wire/src/'],
    packages: ['vocabulary'],
    builtins: ['node:crypto', 'node:net', 'node:path', 'node:sqlite', 'node:stream', 'node:tls'],
    npm: [],
    reaches: [],
  },
  {
    name: 'log library',
    at: ['packages/log/src/library/', 'packages/log/src/index.ts'],
    packages: ['vocabulary'],
    ...pure,
  },
  {
    // The hash and signature functions that the library is given where there is no Node.
    name: 'log in browsers',
    at: ['packages/log/src/browser.ts'],
    packages: ['vocabulary'],
    builtins: [],
    npm: ['@noble/ciphers', '@noble/curves', '@noble/hashes'],
    reaches: ['log library'],
  },
  {
    // The offline verifier: a page with its script, and what puts them into one file.
    name: 'log offline page',
    at: ['packages/log/src/verifier/'],
    packages: ['vocabulary'],
    builtins: ['node:fs', 'node:url'],
    npm: ['esbuild'],
    reaches: ['log library', 'log in browsers'],
  },
  {
    name: 'log processes',
    at: ['packages/log/src/'],
    packages: ['vocabulary', 'wire'],
    builtins: 'any',
    npm: [],
    reaches: ['log library'],
  },
  { name: 'engine', at: ['packages/engine/src/'], packages: ['vocabulary'], ...pure },
  {
    // HPKE by WebCrypto: runs in browsers and on the command line.
    name: 'seal',
    at: ['packages/seal/src/'],
    packages: ['vocabulary'],
    builtins: [],
    npm: ['hpke'],
    reaches: [],
  },
  // zod is the contract's own language.
  {
    name: 'api',
    at: ['packages/api/src/'],
    packages: ['vocabulary'],
    builtins: [],
    npm: ['zod'],
    reaches: [],
  },
  {
    name: 'gate',
    at: ['packages/vault/src/gate/'],
    packages: ['vocabulary', 'wire', 'log', 'seal'],
    // Each is a possible way out of the process, so each has its reason:
    // crypto signs and seals; fs reads and appends the store behind an inherited descriptor; net wraps the door, the
    // other inherited descriptor; stream, tls and http speak to venues through the door; inspector is asked whether a
    // debugger is attached, which ends the gate; ffi is what the gate seals itself with, and gives up in doing so.
    builtins: [
      'node:crypto',
      'node:ffi',
      'node:fs',
      'node:http',
      'node:inspector',
      'node:net',
      'node:stream',
      'node:tls',
    ],
    npm: [],
    reaches: [],
  },
  {
    name: 'builder',
    at: ['packages/vault/src/builder/'],
    packages: ['vocabulary', 'wire'],
    builtins: ['node:net', 'node:stream'],
    npm: ['ccxt'],
    reaches: [],
  },
  // It attacks a process that is sealed by the gate's own code, or it would show nothing about the gate.
  {
    name: 'attack',
    at: ['packages/vault/src/attack/'],
    packages: ['vocabulary'],
    builtins: 'any',
    npm: [],
    reaches: ['gate'],
  },
  {
    name: 'vault programs',
    at: ['packages/vault/src/'],
    packages: ['vocabulary', 'wire', 'log', 'seal'],
    builtins: 'any',
    npm: [],
    reaches: [],
  },
  { name: 'venues', at: ['packages/venues/src/'], packages: ['vocabulary', 'wire', 'engine/fills'], ...free },
  { name: 'lab', at: ['packages/lab/src/'], packages: ['vocabulary', 'engine', 'venues'], ...free },
  { name: 'guard', at: ['packages/guard/src/'], packages: ['vocabulary', 'log'], ...free },
  {
    name: 'server',
    at: ['packages/server/src/'],
    packages: ['vocabulary', 'wire', 'api', 'log', 'engine', 'lab', 'venues', 'guard'],
    ...free,
  },
  // It writes the vault's unlock message and makes its peers' identities; the programs are named by path.
  { name: 'desk', at: ['packages/desk/src/'], packages: ['server', 'vocabulary', 'wire'], ...free },
  {
    name: 'web',
    at: ['packages/web/src/'],
    packages: ['vocabulary', 'api', 'log', 'seal', 'engine'],
    builtins: [],
    npm: 'declared',
    reaches: [],
  },
  {
    name: 'cli',
    at: ['packages/cli/src/'],
    packages: ['vocabulary', 'api', 'log', 'seal', 'lab', 'wire'],
    ...free,
  },
];

/** The zone that `path` belongs to: the one with the longest matching prefix. */
export function zoneOf(path: string): Zone | undefined {
  let found: { zone: Zone; length: number } | undefined;
  for (const zone of zones) {
    for (const prefix of zone.at) {
      const matches = prefix.endsWith('/') ? path.startsWith(prefix) : path === prefix;
      if (matches && prefix.length > (found?.length ?? 0)) found = { zone, length: prefix.length };
    }
  }
  return found?.zone;
}

/** Tests, test aids and build scripts: never part of a running program, so they may use more. */
export function isDevelopment(path: string): boolean {
  return /\.test\.tsx?$|\/_[^/]*$|^packages\/[^/]+\/(?:tests|build)\//u.test(path);
}
