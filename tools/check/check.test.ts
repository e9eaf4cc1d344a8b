import assert from 'node:assert/strict';
import { test } from 'node:test';
import { copySettings, linkInstalled, temporaryFolder, write } from '../_plant.ts';
import { gates } from './gates.ts';
import { toolFindings } from './tool.ts';

const gate = (name: string): ((root: string) => Promise<string>) => {
  const found = gates.find((candidate) => candidate.name === name);
  assert.ok(found !== undefined);
  return found.findings;
};

test('the gates are format, lint, types, layers, tidy, lockfile and unused', () => {
  assert.deepEqual(
    gates.map(({ name }) => name),
    ['format', 'lint', 'types', 'layers', 'tidy', 'lockfile', 'unused'],
  );
});

test('the format gate catches a file that is not formatted, and passes one that is', async (t) => {
  const root = temporaryFolder(t);
  copySettings(root, '.oxfmtrc.json');
  linkInstalled(root);
  write(root, 'tools/planted.ts', "export const price = 'one';\n");
  assert.equal(await gate('format')(root), '');
  write(root, 'tools/planted.ts', 'export const price  = "one"\n');
  assert.match(await gate('format')(root), /tools\/planted\.ts/u);
});

test('every gate speaks up about a workspace that is wrong in every way', async (t) => {
  const root = temporaryFolder(t);
  copySettings(root, '.oxfmtrc.json', '.oxlintrc.json', 'tsconfig.json');
  linkInstalled(root);
  write(root, 'package.json', '{ "name": "planted", "workspaces": ["packages/*"], "type": "module" }\n');
  write(
    root,
    'package-lock.json',
    '{ "packages": { "": {}, "node_modules/left": { "version": "1.0.0" } } }\n',
  );
  write(root, 'packages/engine/package.json', '{ "name": "@counterfoil/engine", "type": "module" }\n');
  write(
    root,
    'packages/engine/src/priceUtils.ts',
    "import 'node:fs';\nexport var now: string = Date.now()\n",
  );
  for (const { name, findings } of gates) assert.notEqual(await findings(root), '', name);
});

test('a tool that cannot be started is a finding, not a pass', async (t) => {
  assert.match(
    await toolFindings(temporaryFolder(t), 'no-such-tool', []),
    /no-such-tool could not be started/u,
  );
});

test('a tool that fails without a word is a finding', async (t) => {
  assert.equal(
    await toolFindings(temporaryFolder(t), 'node', ['-e', 'process.exit(4)']),
    'node ended with exit code 4',
  );
});
