import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fixtureNames, linkInstalled, plant, repository, temporaryFolder, write } from '../_plant.ts';

type Rules = Record<string, unknown>;
type Settings = {
  readonly rules: Rules;
  readonly overrides: readonly { readonly files: readonly string[]; readonly rules: Rules }[];
};

const settings = JSON.parse(
  readFileSync(join(repository, '.oxlintrc.json'), 'utf8').replaceAll(/^\s*\/\/.*$/gmu, ''),
) as Settings; // a file of ours
const pure = settings.overrides.find((override) => override.rules['no-restricted-globals'] !== undefined);
assert.ok(pure !== undefined);
const rules = [...Object.keys(settings.rules), ...Object.keys(pure.rules)].toSorted();
const globals = (pure.rules['no-restricted-globals'] as string[]).slice(1); // after its severity

const fileOf = (rule: string): string => rule.replace('/', '.');

test('every lint rule named in .oxlintrc.json has a planted violation', () => {
  assert.deepEqual(fixtureNames('lint'), rules.map((rule) => fileOf(rule)).toSorted());
});

test('every named lint rule catches its planted violation, which passes when the rule is off', async (t) => {
  // Each violation lies in a folder of its own, so that one run with all rules and one with each rule off for its own
  // folder alone show it for every rule.
  const root = lintFolder(t);
  for (const rule of rules) nest(root, rule, plant(t, 'lint', [fileOf(rule)]));
  const found = await lint(root, settings);
  for (const rule of rules) {
    const mine = found.filter(({ folder }) => folder === fileOf(rule)).map((finding) => finding.rule);
    assert.deepEqual(new Set(mine), new Set([rule]), rule);
  }
  const off = rules.map((rule) => ({ files: [`**/${fileOf(rule)}/**`], rules: { [rule]: 'off' } }));
  assert.deepEqual(await lint(root, { ...settings, overrides: [...settings.overrides, ...off] }), []);
});

test('a pure package may use no clock, timer, randomness, process or network, by any of the names', async (t) => {
  const root = lintFolder(t);
  for (const name of globals) {
    write(root, `${name}/packages/engine/src/planted.ts`, `export const found: unknown = ${name};\n`);
  }
  const found = await lint(root, settings);
  assert.deepEqual(
    found.map(({ folder, rule }) => `${folder} ${rule}`).toSorted(),
    globals.map((name) => `${name} no-restricted-globals`).toSorted(),
  );
  const off = globals.map((name) => ({
    files: [`**/${name}/**`],
    rules: { 'no-restricted-globals': ['error', ...globals.filter((other) => other !== name)] },
  }));
  assert.deepEqual(await lint(root, { ...settings, overrides: [...settings.overrides, ...off] }), []);
});

test('each of the pure packages is covered', async (t) => {
  const root = lintFolder(t);
  const folders = pure.files.map((glob) => glob.replace('/**', '/deep/planted.ts'));
  for (const path of folders) write(root, path, 'export const now = Date.now();\n');
  assert.equal((await lint(root, settings)).length, folders.length);
  const rest = settings.overrides.filter((override) => override !== pure);
  assert.deepEqual(await lint(root, { ...settings, overrides: rest }), []);
});

function lintFolder(t: TestContext): string {
  const root = temporaryFolder(t);
  const types = readFileSync(join(repository, 'tsconfig.json'), 'utf8');
  write(root, 'tsconfig.json', types.replace(/"include": \[[^\]]*\]/u, '"include": ["."]'));
  linkInstalled(root);
  return root;
}

function nest(root: string, rule: string, planted: string): void {
  for (const folder of ['server', 'engine']) {
    for (const name of ['planted.ts', 'other.ts']) {
      const path = `packages/${folder}/src/${name}`;
      const text = readIfThere(join(planted, path));
      if (text !== undefined) write(root, `${fileOf(rule)}/${path}`, text);
    }
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

type Found = { readonly folder: string; readonly rule: string };

/** Runs the linter over `root` and returns which rule spoke in which of its folders. */
function lint(root: string, { overrides, ...rest }: Settings): Promise<Found[]> {
  // The planted trees lie one folder deeper than the repository's own.
  const deeper = overrides.map(({ files, ...override }) => ({
    ...override,
    files: files.map((glob) => (glob.startsWith('**') ? glob : `**/${glob}`)),
  }));
  write(root, '.oxlintrc.json', JSON.stringify({ ...rest, overrides: deeper }));
  return new Promise((settle) => {
    const args = ['-c', '.oxlintrc.json', '--format=json'];
    execFile(join(repository, 'node_modules', '.bin', 'oxlint'), args, { cwd: root }, (_error, output) => {
      const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; filename: string }[] };
      settle(
        diagnostics.map(({ code, filename }) => ({
          folder: filename.split('/')[0] ?? '',
          rule: code.replace(/^eslint\((.*)\)$/u, '$1').replace(/^([\w-]+)\((.*)\)$/u, '$1/$2'),
        })),
      );
    });
  });
}
