import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POINTS, PROGRAMS, crashRounds } from './_crash-rounds.ts';

test('a kill of any process at any point of the write path doubles, loses and hides no order', async (t) => {
  const { rounds, states } = await crashRounds(1, 0, (line) => t.diagnostic(line));
  assert.equal(rounds, POINTS.length * PROGRAMS.length);
  t.diagnostic(`${rounds} kills: ${JSON.stringify(states)}`);
});
