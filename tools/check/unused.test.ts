import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { copySettings, fixtureNames, linkInstalled, plant, repository } from '../_plant.ts';
import { toolFindings } from './tool.ts';

const args = ['--no-progress', '--no-config-hints'];

test('every kind of issue that knip.jsonc names has a planted violation', () => {
  const [, list = ''] =
    /"include": \[([^\]]*)\]/u.exec(readFileSync(join(repository, 'knip.jsonc'), 'utf8')) ?? [];
  assert.deepEqual([...list.matchAll(/\w+/gu)].map(([kind]) => kind).toSorted(), fixtureNames('unused'));
});

test('a workspace in which everything is used passes', async (t) => {
  const root = plant(t, 'unused', ['_base']);
  copySettings(root, 'knip.jsonc');
  linkInstalled(root);
  assert.equal(await toolFindings(root, 'knip', args), '');
});

for (const kind of fixtureNames('unused')) {
  test(`unused ${kind} are caught, and pass when knip is told to leave them out`, async (t) => {
    const root = plant(t, 'unused', ['_base', kind]);
    copySettings(root, 'knip.jsonc');
    linkInstalled(root);
    assert.notEqual(await toolFindings(root, 'knip', args), '');
    assert.equal(await toolFindings(root, 'knip', [...args, '--exclude', kind]), '');
  });
}
