import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixtureNames, plant, temporaryFolder } from '../_plant.ts';
import { checkTidy } from './check-tidy.ts';
import { tidyRules } from './rules.ts';

test('every tidy rule has a planted violation', () => {
  assert.deepEqual(fixtureNames('tidy'), tidyRules.map((rule) => rule.name).toSorted());
});

test('a repository in order breaks no tidy rule', (t) => {
  assert.deepEqual(checkTidy(plant(t, 'tidy', ['_base'])), []);
});

for (const { name } of tidyRules) {
  test(`the tidy rule ${name} catches its planted violation, which passes when the rule is removed`, (t) => {
    const root = plant(t, 'tidy', ['_base', name]);
    const found = checkTidy(root).map((finding) => finding.rule);
    assert.ok(found.length > 0);
    assert.deepEqual(new Set(found), new Set([name]));
    const weakened = tidyRules.filter((rule) => rule.name !== name);
    assert.deepEqual(checkTidy(root, weakened), []);
  });
}

test('an empty folder is refused instead of found tidy', (t) => {
  assert.throws(() => checkTidy(temporaryFolder(t)), /nothing was checked/u);
});
