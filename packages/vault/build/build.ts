/**
 * Builds the vault's programs: the gate and the builder as one file each, without `node_modules` at run time, so
 * that one hash says what runs. `built.json` holds the hashes that were reviewed; what differs is not started.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Plugin, build } from 'esbuild';

const vault = join(import.meta.dirname, '..');
const root = join(vault, '..', '..');
const record = join(vault, 'built.json');

/** What the desk starts by its recorded hash. */
type RecordedName = 'gate' | 'builder';
export type ProgramName = RecordedName | 'stand-in';

const folders = {
  gate: 'gate/main.ts',
  builder: 'builder/main.ts',
  'stand-in': 'attack/stand-in.ts',
} as const;
/** The gate with its points of failure made reachable; refuses nothing less, and says what it is. */
export type GateVariant = 'product' | 'test';

export interface Built {
  readonly path: string;
  readonly sha256: string;
  /** Source files that went in, relative to the repository, with the bytes that each contributes. */
  readonly inputs: readonly { readonly path: string; readonly bytes: number }[];
}

const ccxt: Plugin = {
  name: 'ccxt',
  setup(build) {
    build.onResolve({ filter: /^ccxt\/(binance|kraken)$/ }, ({ path }) => ({
      path: join(root, `node_modules/ccxt/js/src/${path.slice('ccxt/'.length)}.js`),
    }));
    // ccxt's signing lives in two modules; nothing of ccxt may sign, so both are replaced wherever they are named.
    build.onResolve({ filter: /functions\/(crypto|rsa)\.js$/ }, () => ({
      path: join(vault, 'src/builder/signing-seam.ts'),
    }));
  },
};

/** Chains that ccxt can sign for and the builder never does: their code is megabytes and reaches for the network. */
const UNUSED = [
  'protobufjs',
  'zklink',
  'starknet',
  'dydx',
  'lighter',
  'ethers',
  'http-proxy-agent',
  'https-proxy-agent',
  'socks-proxy-agent',
];

const unused: Plugin = {
  name: 'unused chains',
  setup(build) {
    const filter = new RegExp(UNUSED.join('|'));
    build.onResolve({ filter }, (args) =>
      args.importer.includes('ccxt') ? { path: args.path, namespace: 'unused' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'unused' }, () => ({
      contents: 'module.exports = {}',
      loader: 'js',
    }));
  },
};

function points(variant: GateVariant): Plugin {
  return {
    name: 'points',
    setup(build) {
      if (variant === 'product') return;
      build.onResolve({ filter: /\/points\.ts$/ }, () => ({
        path: join(vault, 'tests/_points-that-wait.ts'),
      }));
    },
  };
}

/** Builds one program into the repository's build folder; the file's name holds its hash. */
export async function buildProgram(name: ProgramName, variant: GateVariant = 'product'): Promise<Built> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [relative(root, join(vault, 'src', folders[name]))],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node26',
    format: name === 'builder' ? 'cjs' : 'esm',
    legalComments: 'none',
    logLevel: 'error',
    plugins: name === 'builder' ? [ccxt, unused] : [points(variant)],
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error(`${name} built to nothing`);
  const sha256 = createHash('sha256').update(output.contents).digest('hex');
  const folder = join(root, '.build', 'vault');
  const path = join(folder, `${name}-${sha256.slice(0, 16)}.${name === 'builder' ? 'cjs' : 'mjs'}`);
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const partial = `${path}.${process.pid}`;
    writeFileSync(partial, output.contents, { mode: 0o644 });
    renameSync(partial, path);
  }
  const [meta] = Object.values(result.metafile.outputs);
  const inputs = Object.entries(meta?.inputs ?? {}).map(([path, { bytesInOutput }]) => ({
    path,
    bytes: bytesInOutput,
  }));
  return { path, sha256, inputs };
}

/** The reviewed hashes. */
export function recordedHashes(): Readonly<Record<RecordedName, string>> {
  return JSON.parse(readFileSync(record, 'utf8')) as Record<RecordedName, string>;
}

/** Thrown where a program is not the one that was reviewed. */
class UnreviewedBuild extends Error {
  override readonly name = 'UnreviewedBuild';
}

function refuseUnrecorded(name: RecordedName, built: Built): void {
  if (recordedHashes()[name] === built.sha256) return;
  throw new UnreviewedBuild(
    `The ${name} built from this checkout is not the reviewed one (${built.sha256}). Nothing was started. ` +
      'Restore the files of the release, or review the change and record it with `npm run build:vault -- --record`.',
  );
}

async function main(): Promise<void> {
  // Holds nothing and is attacked only, so it has no recorded hash.
  if (process.argv.includes('--stand-in')) return console.log((await buildProgram('stand-in')).path);
  const gate = await buildProgram('gate');
  const builder = await buildProgram('builder');
  if (process.argv.includes('--record')) {
    writeFileSync(record, `${JSON.stringify({ gate: gate.sha256, builder: builder.sha256 }, null, 2)}\n`);
  }
  refuseUnrecorded('gate', gate);
  refuseUnrecorded('builder', builder);
  if (process.argv.includes('--paths')) {
    console.log(JSON.stringify({ gateFile: gate.path, builderFile: builder.path }));
  } else {
    console.log(`gate     ${gate.sha256}\nbuilder  ${builder.sha256}`);
  }
}

if (import.meta.main) {
  await main().catch((error: unknown) => {
    console.error(error instanceof UnreviewedBuild ? error.message : error);
    process.exit(1);
  });
}
