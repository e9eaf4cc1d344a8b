import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lockSatisfied } from './installed.mjs';

const locked = {
  '': { dependencies: { pg: '8.0.0' } },
  'node_modules/pg': { version: '8.0.0', integrity: 'sha512-pg' },
  'node_modules/other-platform': { version: '1.0.0', integrity: 'sha512-other', optional: true },
  'node_modules/other-tool': { version: '1.0.0', integrity: 'sha512-tool', devOptional: true },
};
const pg = locked['node_modules/pg'];

test('what the lockfile names is enough, without other platforms’ packages or with them', () => {
  assert.ok(lockSatisfied(locked, { 'node_modules/pg': pg }));
  const { '': _, ...everything } = locked;
  assert.ok(lockSatisfied(locked, everything));
});

test('a missing, another or an additional package is not what the lockfile names', () => {
  assert.ok(!lockSatisfied(locked, {}));
  assert.ok(!lockSatisfied(locked, { 'node_modules/pg': { ...pg, version: '8.0.1' } }));
  assert.ok(!lockSatisfied(locked, { 'node_modules/pg': { ...pg, integrity: 'sha512-changed' } }));
  assert.ok(!lockSatisfied(locked, { 'node_modules/pg': pg, 'node_modules/stray': { version: '1.0.0' } }));
});
