import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import type { Edge } from './edges.ts';
import type { Workspace } from './workspace.ts';
import { isDevelopment, zoneOf, type Zone } from './zones.ts';

/** An edge together with where it starts. */
export type Use = {
  readonly path: string;
  /** The folder under `packages/`. */
  readonly home: string;
  readonly zone: Zone | undefined;
  readonly development: boolean;
  readonly edge: Edge;
  readonly workspace: Workspace;
};

/** A rule about one edge: undefined where it is kept, else what is wrong. */
export type LayerRule = {
  readonly name: string;
  readonly broken: (use: Use) => string | undefined;
};

const scope = '@counterfoil/';

/** Every layer rule. Each looks at the edges it is about and passes the others. */
export const layerRules: readonly LayerRule[] = [
  {
    name: 'known-zone',
    broken: ({ zone, development, home }) =>
      zone === undefined && !development
        ? `packages/${home} has no line in tools/layers/zones.ts that says what it may import`
        : undefined,
  },
  {
    name: 'known-specifier',
    broken: ({ edge, development }) =>
      edge.specifier === undefined && !development
        ? 'a computed import cannot be checked: name the module, or start the program by path'
        : undefined,
  },
  {
    name: 'workspace-packages',
    broken: ({ edge, zone, development, home }) => {
      const target = workspaceTarget(edge);
      // A package may use its own entry points in tests and examples.
      if (target === undefined || zone === undefined || development || target.folder === home)
        return undefined;
      const wanted = target.subpath === '.' ? target.folder : posix.join(target.folder, target.subpath);
      if (zone.packages.includes(target.folder) || zone.packages.includes(wanted)) return undefined;
      return `${zone.name} may not import ${edge.specifier} (allowed: ${zone.packages.join(', ') || 'nothing'})`;
    },
  },
  {
    name: 'vault-imported-by-nobody',
    broken: ({ edge, home }) =>
      workspaceTarget(edge)?.folder === 'vault' && home !== 'vault'
        ? 'nobody imports the vault, tests included: start it as a program and speak its protocol'
        : undefined,
  },
  {
    name: 'entry-points',
    broken: ({ edge, workspace }) => {
      const target = workspaceTarget(edge);
      if (target === undefined) return undefined;
      const entries = workspace.manifests.get(target.folder)?.entries;
      if (entries?.has(target.subpath) === true) return undefined;
      return `${edge.specifier} is no entry point (packages/${target.folder}/package.json "exports" lists them)`;
    },
  },
  {
    name: 'declared',
    broken: ({ edge, workspace, home, development }) => {
      const name = packageName(edge);
      if (name === undefined || name === scope + home) return undefined;
      if (workspace.manifests.get(home)?.declared.has(name) === true) return undefined;
      if (development && workspace.shared.has(name)) return undefined;
      return `${name} is not declared in packages/${home}/package.json`;
    },
  },
  {
    name: 'npm-names',
    broken: ({ edge, zone, development }) => {
      const name = packageName(edge);
      if (name === undefined || name.startsWith(scope) || zone === undefined || development) return undefined;
      if (zone.npm === 'declared' || zone.npm.includes(name)) return undefined;
      return `${zone.name} may not use the npm package ${name} (allowed: ${zone.npm.join(', ') || 'none'})`;
    },
  },
  {
    name: 'ccxt',
    broken: ({ edge, zone, path }) => {
      if (packageName(edge) !== 'ccxt' || zone?.name === 'venues' || zone?.name === 'builder')
        return undefined;
      if (/^packages\/(?:venues|vault)\/(?:tests|build)\//u.test(path)) return undefined;
      return 'ccxt is named only in venues and in the vault’s builder, where no secret is';
    },
  },
  {
    name: 'built-ins',
    broken: ({ edge, zone, development }) => {
      if (!isBuiltin(edge.specifier ?? '') || zone === undefined || development || zone.builtins === 'any') {
        return undefined;
      }
      const name = `node:${edge.specifier?.replace(/^node:/u, '')}`;
      if (zone.builtins.includes(name)) return undefined;
      return `${zone.name} may not use ${name} (allowed: ${zone.builtins.join(', ') || 'no built-in'})`;
    },
  },
  {
    name: 'node-prefix',
    broken: ({ edge }) =>
      isBuiltin(edge.specifier ?? '') && edge.specifier?.startsWith('node:') === false
        ? `write node:${edge.specifier}, so that no npm package can take its place`
        : undefined,
  },
  {
    name: 'relative-stays',
    broken: ({ edge, path, home }) => {
      const target = relativeTarget(edge, path);
      if (target === undefined || target.startsWith(`packages/${home}/`)) return undefined;
      return `${edge.specifier} leaves packages/${home}: import an entry point of the other package`;
    },
  },
  {
    name: 'part-boundary',
    broken: ({ edge, path, zone, home, development }) => {
      const target = relativeTarget(edge, path);
      if (target?.startsWith(`packages/${home}/`) !== true || zone === undefined || development)
        return undefined;
      const there = zoneOf(target);
      if (there === undefined || there.name === zone.name || zone.reaches.includes(there.name))
        return undefined;
      return `${zone.name} may not reach into ${there.name} (${target})`;
    },
  },
  {
    name: 'no-tests-in-programs',
    broken: ({ edge, path, development }) => {
      const target = relativeTarget(edge, path);
      return target !== undefined && isDevelopment(target) && !development
        ? `${target} is there for tests and may not be part of a program`
        : undefined;
    },
  },
];

function workspaceTarget({ specifier }: Edge): { folder: string; subpath: string } | undefined {
  if (specifier?.startsWith(scope) !== true) return undefined;
  const [folder = '', ...rest] = specifier.slice(scope.length).split('/');
  return { folder, subpath: rest.length === 0 ? '.' : `./${rest.join('/')}` };
}

function packageName({ specifier }: Edge): string | undefined {
  if (specifier === undefined || /^[./]/u.test(specifier) || isBuiltin(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function relativeTarget({ specifier }: Edge, path: string): string | undefined {
  if (specifier === undefined || !/^[./]/u.test(specifier)) return undefined;
  return specifier.startsWith('/') ? specifier : posix.join(posix.dirname(path), specifier);
}
