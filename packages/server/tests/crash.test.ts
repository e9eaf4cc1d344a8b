import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { signal } from '../src/database/processes.ts';
import { startDatabase } from '../src/index.ts';
import { execute } from './_database.ts';
import { temporaryFolder } from './_folder.ts';
import { postgresProcessesOf, postmasterOf, runProgram, type RunningProgram } from './_run-program.ts';

const rounds = 20;
const writingMsMax = 250;

/** The ways in which everything can be killed while rows are being written. */
const killings: readonly {
  readonly name: string;
  readonly kill: (program: RunningProgram, folder: string) => Promise<void>;
}[] = [
  {
    name: 'the whole tree',
    async kill(program, folder) {
      for (const pid of [...postgresProcessesOf(folder), program.child.pid])
        if (pid !== undefined) signal(pid, 'SIGKILL');
      await program.exited;
    },
  },
  {
    name: 'our process, PostgreSQL lives on',
    async kill(program) {
      program.child.kill('SIGKILL');
      await program.exited;
    },
  },
  {
    name: 'the postmaster, then our process',
    async kill(program, folder) {
      signal(postmasterOf(folder), 'SIGKILL');
      program.child.kill('SIGKILL');
      await program.exited;
    },
  },
];

async function rowsAfterRestart(folder: string): Promise<ReadonlySet<string>> {
  const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
  try {
    const rows = await execute(running.url, 'select id::text from written');
    return new Set(rows.map(({ id }) => String(id)));
  } finally {
    await running.stop();
  }
}

async function killDuringWrites(t: TestContext, folder: string, round: number): Promise<number> {
  const killing = killings[round % killings.length];
  assert.ok(killing);
  const program = runProgram(['write', folder], join(folder, `round-${round}`));
  await program.said(2);
  await sleep(Math.random() * writingMsMax);
  await killing.kill(program, folder);
  const [ready, ...acknowledged] = program.lines();
  assert.match(ready ?? '', /"ready":true/);
  assert.ok(acknowledged.length > 0);
  const restartedAt = performance.now();
  const present = await rowsAfterRestart(folder);
  const backAfterMs = performance.now() - restartedAt;
  const lost = acknowledged.filter((id) => !present.has(id));
  t.diagnostic(
    `round ${round + 1}: killed ${killing.name}; ${acknowledged.length} rows acknowledged,` +
      ` ${lost.length} lost, back after ${backAfterMs.toFixed(0)} ms`,
  );
  assert.deepEqual(lost, []);
  return acknowledged.length;
}

test(`after each of ${rounds} kills during writes every acknowledged row is there`, async (t) => {
  const folder = temporaryFolder(t);
  let acknowledged = 0;
  for (let round = 0; round < rounds; round += 1) acknowledged += await killDuringWrites(t, folder, round);
  t.diagnostic(`${acknowledged} rows acknowledged in ${rounds} rounds`);
});

test('a row that was acknowledged before it was durable is missed', async (t) => {
  const folder = temporaryFolder(t);
  const running = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
  await execute(
    running.url,
    'create unlogged table written (id bigint generated always as identity primary key)',
  );
  await execute(running.url, 'insert into written default values');
  for (const pid of postgresProcessesOf(folder)) signal(pid, 'SIGKILL');
  assert.equal((await running.exited).expected, false);
  assert.deepEqual(await rowsAfterRestart(folder), new Set());
});
