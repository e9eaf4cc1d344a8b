// The ledger: fenced appends (event, state, outbox) of 1, 64 and 256 bots at once, beside plain single-row commits.
// Run: node benches/ledger.ts [--quick]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate, openDatabase, startDatabase } from '@counterfoil/server';
import { Leases, shardOf } from '../packages/server/src/ledger/leases.ts';
import { Ledger } from '../packages/server/src/ledger/ledger.ts';
import { appendAfter, CONNECTION, makeBot } from '../packages/server/tests/_ledger.ts';

const quick = process.argv.includes('--quick');
const MEASURE_MS = quick ? 1_500 : 5_000;
const OWNER = 'bench';
const BOTS = 256;

const folder = mkdtempSync(join(tmpdir(), 'counterfoil-bench-'));
const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
try {
  await migrate(running);
  const database = await openDatabase(running);
  const { pool } = database;
  await pool.query('create table plain (id bigint primary key, body text not null)');
  for (let bot = 0; bot < BOTS; bot++) await makeBot(database, OWNER, `b${bot}`);
  const leases = new Leases(pool, 'bench');
  await leases.round();
  // A bot knows its shard.
  const shard = shardOf(OWNER, CONNECTION);
  const epoch = leases.held.get(shard) ?? -1;
  const ledger = new Ledger(pool);
  const positions = Array.from({ length: BOTS }, () => 0);

  // What every event writes; one in four or so has an intent besides. Its texts are there before, as those of a plain
  // commit are.
  const templates = positions.map((_, bot) => ({
    ...appendAfter(OWNER, `b${bot}`, 0, epoch, shard),
    intents: [],
  }));
  const append = async (caller: number): Promise<void> => {
    const after = positions[caller] ?? 0;
    const made = templates[caller];
    if (made === undefined) throw new Error(`there is no bot ${caller}`);
    const position = { ...made.position, seq: after + 1, intentSeq: after + 1 };
    const result = await ledger.append({ ...made, after, position });
    if (result !== 'committed') throw new Error(`append of bot ${caller} is ${result}`);
    positions[caller] = after + 1;
  };
  let row = 0;
  const body = 'x'.repeat(300);
  const plain = async (): Promise<void> => {
    const values = [row++, body];
    await pool.query({ name: 'plain', text: 'insert into plain (id, body) values ($1, $2)', values });
  };

  await measure(64, append, 500);
  await measure(64, plain, 500);
  const one = await measure(1, append, MEASURE_MS);
  // Alternating, so that whatever else the machine does falls on both.
  const ours: Measured[] = [];
  const theirs: Measured[] = [];
  for (let round = 0; round < 3; round++) {
    theirs.push(await measure(64, plain, MEASURE_MS));
    ours.push(await measure(64, append, MEASURE_MS));
  }
  const many = await measure(256, append, MEASURE_MS);
  const sixtyFour = median(ours.map((each) => each.perSecond));
  const plainCommits = median(theirs.map((each) => each.perSecond));
  const figures = {
    appends_1_per_s: Math.round(one.perSecond),
    appends_64_per_s: Math.round(sixtyFour),
    appends_256_per_s: Math.round(many.perSecond),
    p99_ms: round2(median(ours.map((each) => each.p99Ms))),
    vs_plain_commit_64: round2(sixtyFour / plainCommits),
  };
  const rows: readonly (readonly [string, string])[] = [
    ['one bot after another', `${figures.appends_1_per_s} appends/s, p99 ${round2(one.p99Ms)} ms`],
    ['64 bots at once', `${figures.appends_64_per_s} appends/s, p99 ${figures.p99_ms} ms`],
    ['256 bots at once', `${figures.appends_256_per_s} appends/s, p99 ${round2(many.p99Ms)} ms`],
    ['plain single-row commits, 64 callers', `${Math.round(plainCommits)} commits/s`],
  ];
  for (const [what, figure] of rows) process.stdout.write(`${what.padEnd(40)} ${figure}\n`);
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  await database.close();
} finally {
  await running.stop();
  rmSync(folder, { recursive: true, force: true });
}

interface Measured {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** `callers` at once, each waiting for its own call before the next. */
async function measure(
  callers: number,
  act: (caller: number) => Promise<void>,
  forMs: number,
): Promise<Measured> {
  const took: number[] = [];
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() - startedAt < forMs) {
        const before = performance.now();
        await act(caller);
        took.push(performance.now() - before);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  took.sort((a, b) => a - b);
  return { perSecond: took.length / seconds, p99Ms: took[Math.floor(took.length * 0.99)] ?? Number.NaN };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}
