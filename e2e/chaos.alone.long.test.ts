import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chaos } from './_chaos.ts';

test('half an hour of 200 bots, every fault and a kill every ten seconds loses and doubles nothing', async (t) => {
  const options = { seconds: 1_800, bots: 200, connections: 12, workers: 3, killEverySeconds: 10 };
  const report = await chaos(options, (line) => t.diagnostic(line));
  t.diagnostic(JSON.stringify(report));
  assert.deepEqual(report.contradictions, []);
  // Every program, the three workers and the database were killed; a worker was away twice.
  assert.equal(Object.keys(report.kills).length, 10);
  assert.equal(report.pauses, 2);
});
