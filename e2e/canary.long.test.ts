import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canaries } from './_canary.ts';
import { isRoot } from './_canary-places.ts';

test('secrets are in the gate once and nowhere else, after 10,000 orders with errors and crashes', async (t) => {
  const report = await canaries({ orders: 10_000, kills: 45 }, (line) => t.diagnostic(line));
  t.diagnostic(JSON.stringify(report));
  assert.deepEqual(
    report.found.filter((place) => isRoot || !place.endsWith('the wire')),
    [],
  );
  const once = isRoot ? 1 : 'closed';
  assert.deepEqual(report.gate, { hmac: once, ed25519: once, rsa: once });
});
