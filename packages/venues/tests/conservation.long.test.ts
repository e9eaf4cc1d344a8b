import { test } from 'node:test';
import { compareWithSimpleBook, runEverything } from './_conservation.ts';
import { tradeUnderFaults } from './_faults.ts';

test('100,000 random orders fill as in an independent simple book', () => {
  for (let seed = 100; seed < 110; seed++) compareWithSimpleBook(seed, 10_000);
});

test('1,000,000 random operations conserve every unit', () => {
  for (let seed = 100; seed < 120; seed++) runEverything(seed, 50_000);
});

test('20,000 orders under every fault of the doors are acknowledged, refused or unknown, and never lost', async () => {
  await tradeUnderFaults(100, 20_000);
});
