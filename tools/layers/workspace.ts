import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the rules need to know about a package's own package.json. */
export type Manifest = {
  /** npm and workspace names in any dependency field. */
  readonly declared: ReadonlySet<string>;
  /** The subpaths that others may import, such as `.` and `./fills`. */
  readonly entries: ReadonlySet<string>;
};

/** The files and manifests that the layer rules look at. */
export type Workspace = {
  readonly root: string;
  /** Paths relative to `root`, with forward slashes. */
  readonly files: readonly string[];
  /** By folder name under `packages/`. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** What the repository's own package.json names for development. */
  readonly shared: ReadonlySet<string>;
};

/** Reads the workspace at `root`. Throws when it holds no source file, since a check of nothing is always green. */
export function readWorkspace(root: string): Workspace {
  const files = globSync('packages/*/{src,tests,build}/**/*.{ts,tsx,mts,js,mjs}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.includes('/node_modules/'))
    .toSorted();
  if (files.length === 0) throw new Error(`No source file under ${root}/packages: nothing was checked.`);
  const manifests = new Map<string, Manifest>();
  for (const path of globSync('packages/*/package.json', { cwd: root })) {
    const folder = path.replaceAll('\\', '/').split('/')[1] ?? '';
    const json = readJson(join(root, path));
    manifests.set(folder, { declared: declaredIn(json), entries: new Set(Object.keys(json.exports ?? {})) });
  }
  return { root, files, manifests, shared: declaredIn(readJson(join(root, 'package.json'))) };
}

type PackageJson = Partial<
  Record<'dependencies' | 'devDependencies' | 'optionalDependencies' | 'peerDependencies' | 'exports', object>
>;

function readJson(path: string): PackageJson {
  return JSON.parse(readFileSync(path, 'utf8')) as PackageJson; // npm would refuse a manifest of another shape
}

function declaredIn(json: PackageJson): Set<string> {
  return new Set(
    [json.dependencies, json.devDependencies, json.optionalDependencies, json.peerDependencies].flatMap(
      (field) => Object.keys(field ?? {}),
    ),
  );
}
