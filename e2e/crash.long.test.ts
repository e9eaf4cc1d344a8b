import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POINTS, PROGRAMS, crashRounds } from './_crash-rounds.ts';

test('twenty kills of every program at every point of the write path, while 20,000 orders are placed', async (t) => {
  const { rounds, signed, resolvedLater, states } = await crashRounds(20, 20_000, (line) =>
    t.diagnostic(line),
  );
  t.diagnostic(
    `${rounds} kills, ${signed} orders, ${resolvedLater} resolved later: ${JSON.stringify(states)}`,
  );
  assert.equal(rounds, 20 * POINTS.length * PROGRAMS.length);
  assert.ok(signed >= 20_000 && resolvedLater > 0, `${signed} orders, ${resolvedLater} resolved later`);
});
