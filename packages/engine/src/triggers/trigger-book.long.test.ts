import { test } from 'node:test';
import { compareBooks } from './_compare-books.ts';

test('the book equals the naive loop over a hundred million ticks', (t) => {
  let ticks = 0;
  let fires = 0;
  for (let seed = 1; ticks < 100_000_000; seed++) {
    const done = compareBooks(seed, 10_000_000, 6 + (seed % 5) * 4);
    ticks += done.ticks;
    fires += done.fires;
  }
  t.diagnostic(`${ticks} ticks, ${fires} fires`);
});
