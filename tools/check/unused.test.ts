import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fixtureNames, linkInstalled, plant } from '../_plant.ts';
import { knipArguments } from './gates.ts';
import { toolFindings } from './tool.ts';

test('every kind of issue that knip.ts names has a planted violation', () => {
  const [, list = ''] =
    /include: \[([^\]]*)\]/u.exec(readFileSync(join(import.meta.dirname, 'knip.ts'), 'utf8')) ?? [];
  assert.deepEqual([...list.matchAll(/\w+/gu)].map(([kind]) => kind).toSorted(), fixtureNames('unused'));
});

test('a workspace in which everything is used passes', async (t) => {
  const root = plant(t, 'unused', ['_base']);
  linkInstalled(root);
  assert.equal(await toolFindings(root, 'knip', knipArguments), '');
});

for (const kind of fixtureNames('unused')) {
  test(`unused ${kind} are caught, and pass when knip is told to leave them out`, async (t) => {
    const root = plant(t, 'unused', ['_base', kind]);
    linkInstalled(root);
    assert.notEqual(await toolFindings(root, 'knip', knipArguments), '');
    assert.equal(await toolFindings(root, 'knip', [...knipArguments, '--exclude', kind]), '');
  });
}
