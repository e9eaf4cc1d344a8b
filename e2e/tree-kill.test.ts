import assert from 'node:assert/strict';
import { test } from 'node:test';
import { treeKills } from './_tree-kills.ts';

test('two kills of the whole tree during orders lose nothing that was acknowledged', async (t) => {
  const { acknowledged } = await treeKills(2, (line) => t.diagnostic(line));
  assert.ok(acknowledged > 0);
});
