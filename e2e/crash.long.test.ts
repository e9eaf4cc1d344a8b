import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POINTS, PROGRAMS, crashRounds } from './_crash-rounds.ts';

test('twenty kills of every process at every point of the write path', async (t) => {
  const { rounds, states } = await crashRounds(20, (line) => t.diagnostic(line));
  assert.equal(rounds, 20 * POINTS.length * PROGRAMS.length);
  t.diagnostic(`${rounds} kills: ${JSON.stringify(states)}`);
});
