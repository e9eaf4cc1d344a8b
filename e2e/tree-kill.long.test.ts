import assert from 'node:assert/strict';
import { test } from 'node:test';
import { treeKills } from './_tree-kills.ts';

test('twenty kills of the whole tree during orders lose nothing that was acknowledged', async (t) => {
  const { acknowledged } = await treeKills(20, (line) => t.diagnostic(line));
  assert.ok(acknowledged > 0);
  t.diagnostic(`${acknowledged} orders acknowledged`);
});
