import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runLives } from './_crash-run.ts';

test('20,000 crashes and faults with other seeds lose nothing acknowledged and never make two trees', async () => {
  let crashes = 0;
  for (let seed = 100_000; crashes < 20_000; seed++) crashes += (await runLives({ seed, lives: 12 })).crashes;
  assert.ok(crashes >= 20_000);
});
