import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixtureNames, plant, temporaryFolder } from '../_plant.ts';
import { checkLayers } from './check-layers.ts';
import { edgesOf } from './edges.ts';
import { layerRules } from './rules.ts';

test('every layer rule has a planted violation', () => {
  assert.deepEqual(fixtureNames('layers'), layerRules.map((rule) => rule.name).toSorted());
});

test('a workspace in order breaks no layer rule', (t) => {
  assert.deepEqual(checkLayers(plant(t, 'layers', ['_base'])), []);
});

for (const { name } of layerRules) {
  test(`the layer rule ${name} catches its planted violation, which passes when the rule is removed`, (t) => {
    const root = plant(t, 'layers', ['_base', name]);
    const found = checkLayers(root).map((finding) => finding.rule);
    assert.ok(found.length > 0);
    assert.deepEqual(new Set(found), new Set([name]));
    const weakened = layerRules.filter((rule) => rule.name !== name);
    assert.deepEqual(checkLayers(root, weakened), []);
  });
}

test('a workspace without source files is refused instead of found in order', (t) => {
  assert.throws(() => checkLayers(temporaryFolder(t)), /nothing was checked/u);
});

test('every way to name a module is seen', () => {
  const source = [
    "import a from 'a';",
    "import type { B } from 'b';",
    "import 'c';",
    "export { d } from 'd';",
    "export * from 'e';",
    "export type { F } from 'f';",
    "const g = await import('g');",
    "type H = import('h').H;",
    "const i = require('i');",
    "const j = process.getBuiltinModule('j');",
    "const k = globalThis.process.getBuiltinModule('k');",
    'const l = await import(`l${1}`);',
  ].join('\n');
  const edges = edgesOf('every.ts', source).toSorted((a, b) => a.line - b.line);
  assert.deepEqual(
    edges.map(({ specifier }) => specifier),
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', undefined],
  );
  assert.deepEqual(
    edges.map(({ line }) => line),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  );
});
