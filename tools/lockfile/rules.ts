/** An entry of package-lock.json (version 3), as far as the rules look at it. */
export type Locked = {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
};

/** The `packages` of package-lock.json, by path; the repository itself is the empty path. */
export type Lockfile = Readonly<Record<string, Locked>>;

/** A rule about one entry; `manifest` is the package.json beside a workspace or the root. */
export type LockRule = {
  readonly name: string;
  readonly broken: (
    path: string,
    entry: Locked,
    all: Lockfile,
    manifest: Locked | undefined,
  ) => readonly string[];
};

/** Every lockfile rule. */
export const lockRules: readonly LockRule[] = [
  {
    // `npm ci` refuses a lockfile that leaves out another platform's package. npm leaves one out, without a word, when
    // the registry does not have it yet, so this shows on the first fresh clone only.
    name: 'complete',
    broken: (path, entry, all) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !isLocked(name, path, all))
        .map(
          (name) => `${name}, which ${path || 'the repository'} names, is not locked: npm ci would refuse`,
        ),
  },
  {
    name: 'integrity',
    broken: (path, entry) =>
      path.includes('node_modules/') && entry.link !== true && entry.integrity?.startsWith('sha512-') !== true
        ? [`${path} has no sha512 hash, so anything could be installed in its place`]
        : [],
  },
  {
    name: 'exact-versions',
    broken: (path, _entry, _all, manifest) =>
      Object.entries(named(manifest))
        .filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/u.test(version))
        .map(
          ([name, version]) => `${path || 'the repository'} asks for ${name} "${version}": name one version`,
        ),
  },
  {
    name: 'in-step',
    broken: (path, entry, _all, manifest) => {
      if (manifest === undefined) return [];
      const asked = Object.entries(named(manifest)).toSorted(byName);
      const locked = Object.entries(named(entry)).toSorted(byName);
      return JSON.stringify(asked) === JSON.stringify(locked)
        ? []
        : [
            `${path || 'the repository'} has another package.json than package-lock.json recorded: run npm install`,
          ];
    },
  },
];

/** Whether `name`, asked for by the package at `path`, is found by Node's search upwards through the lockfile. */
function isLocked(name: string, path: string, all: Lockfile): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (
      !folder.endsWith('node_modules') &&
      all[`${folder}/node_modules/${name}`.replace(/^\//u, '')] !== undefined
    ) {
      return true;
    }
    if (folder === '') return false;
  }
}

function named(manifest: Locked | undefined): Record<string, string> {
  return { ...manifest?.dependencies, ...manifest?.devDependencies, ...manifest?.optionalDependencies };
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}
