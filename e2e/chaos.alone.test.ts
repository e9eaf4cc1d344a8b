import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chaos } from './_chaos.ts';

test('bots survive every fault, kills and a worker that comes back: nothing is lost, doubled or unlogged', async (t) => {
  const options = { seconds: 100, bots: 60, connections: 8, workers: 3, killEverySeconds: 10 };
  const report = await chaos(options, (line) => t.diagnostic(line));
  t.diagnostic(JSON.stringify(report));
  assert.deepEqual(report.contradictions, []);
  assert.ok(report.fills > 50 && report.pauses > 0, `${report.fills} fills, ${report.pauses} pauses`);
});
