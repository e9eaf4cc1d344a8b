import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixtureNames, plant } from '../_plant.ts';
import { checkLockfile } from './check-lockfile.ts';
import { lockRules } from './rules.ts';

test('every lockfile rule has a planted violation', () => {
  assert.deepEqual(fixtureNames('lockfile'), lockRules.map((rule) => rule.name).toSorted());
});

test('a lockfile in order breaks no rule', (t) => {
  assert.deepEqual(checkLockfile(plant(t, 'lockfile', ['_base'])), []);
});

for (const { name } of lockRules) {
  test(`the lockfile rule ${name} catches its planted violation, which passes when the rule is removed`, (t) => {
    const root = plant(t, 'lockfile', ['_base', name]);
    const found = checkLockfile(root).map((finding) => finding.rule);
    assert.ok(found.length > 0);
    assert.deepEqual(new Set(found), new Set([name]));
    const weakened = lockRules.filter((rule) => rule.name !== name);
    assert.deepEqual(checkLockfile(root, weakened), []);
  });
}
