/**
 * `npm run sim -- --seeds 200 [--seed 1]`: runs that many seeds from the first on, prints what they did, and stops at
 * the first violation with the command that replays it.
 */
import { parseArgs } from 'node:util';
import { Violation } from './invariants.ts';
import { runSeed } from './world.ts';

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const first = Number(values.seed);
const count = Number(values.seeds);
const kinds = new Map<string, number>();
const faults = new Map<string, number>();
const totals = { ticks: 0, crashes: 0, orders: 0, fills: 0 };
for (let seed = first; seed < first + count; seed++) {
  try {
    const result = runSeed(seed);
    kinds.set(result.kind, (kinds.get(result.kind) ?? 0) + 1);
    for (const [kind, count] of Object.entries(result.faults))
      faults.set(kind, (faults.get(kind) ?? 0) + count);
    for (const name of ['ticks', 'crashes', 'orders', 'fills'] as const) totals[name] += result[name];
  } catch (error) {
    console.error(`seed ${seed}: ${error instanceof Violation ? error.message : String(error)}`);
    console.error(`replay: npm run sim -- --seeds 1 --seed ${seed}`);
    process.exit(1);
  }
}
const names = [...kinds].map(([kind, runs]) => `${runs} ${kind}`).join(', ');
console.log(`${count} seeds from ${first} hold every invariant (${names})`);
console.log(
  `${totals.ticks} ticks, ${totals.crashes} crashes, ${totals.orders} orders, ${totals.fills} fills`,
);
console.log([...faults].map(([kind, count]) => `${count} ${kind}`).join(', '));
