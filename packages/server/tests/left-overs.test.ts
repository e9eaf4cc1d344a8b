import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { findNative } from '../src/database/binaries.ts';
import { partialPrefix } from '../src/database/cluster.ts';
import { openPlace } from '../src/database/place.ts';
import { startPostmaster } from '../src/database/postmaster.ts';
import { signal } from '../src/database/processes.ts';
import { preparePrograms } from '../src/database/programs.ts';
import { openDatabase } from '../src/index.ts';
import { atEnd } from './_at-end.ts';
import { execute } from './_database.ts';
import { temporaryFolder } from './_folder.ts';
import { readyFolder } from './_ready-folder.ts';
import { postgresProcessesOf, postmasterOf, runProgram } from './_run-program.ts';
import { start } from './_start.ts';

test('a PostgreSQL that outlived its killed supervisor is replaced, with its rows', async (t) => {
  const folder = await readyFolder(t);
  const program = runProgram(['hold', folder], join(folder, 'output'));
  await program.said(1);
  const orphan = postmasterOf(folder);
  program.child.kill('SIGKILL');
  await program.exited;
  const lines: string[] = [];
  const { url } = await start(t, folder, (line) => lines.push(line));
  assert.notEqual(postmasterOf(folder), orphan);
  assert.match(lines.join('\n'), /an earlier run left behind/);
  assert.equal((await execute(url, 'select from counterfoil_installation')).length, 1);
});

test('an orphan is recognised after its data folder was moved', async (t) => {
  const parent = temporaryFolder(t);
  const before = join(parent, 'before');
  mkdirSync(before, { mode: 0o755 });
  const program = runProgram(['hold', before], join(parent, 'output'));
  await program.said(1);
  program.child.kill('SIGKILL');
  await program.exited;
  const after = join(parent, 'after');
  renameSync(before, after);
  const { url } = await start(t, after);
  assert.equal((await execute(url, 'select from counterfoil_installation')).length, 1);
});

test('when PostgreSQL dies an open pool survives, and a new start serves the same address', async (t) => {
  const folder = await readyFolder(t);
  const running = await start(t, folder);
  const { kysely, close } = await openDatabase(running);
  atEnd(t, close);
  await assert.rejects(
    kysely.transaction().execute(async (transaction) => {
      await sql`select 1`.execute(transaction);
      signal(postmasterOf(folder), 'SIGKILL');
      assert.deepEqual(await running.exited, { expected: false, code: null, signal: 'SIGKILL' });
      await sql`select pg_sleep(1)`.execute(transaction);
    }),
  );
  const again = await start(t, folder);
  assert.equal(again.url, running.url);
  await sql`select 1`.execute(kysely);
});

test('a backend that computes on without its postmaster does not stop the next start', async (t) => {
  const folder = await readyFolder(t);
  const { url, exited } = await start(t, folder);
  const busy = execute(url, 'do $$ begin loop end loop; end $$').catch(() => 'cut');
  // Only the busy backend and its like carry on; the rest notices the death and leaves.
  const activity = `select from pg_stat_activity where query like 'do %' and state = 'active'`;
  while ((await execute(url, activity)).length === 0);
  signal(postmasterOf(folder), 'SIGKILL');
  await exited;
  await assert.rejects(
    startPostmaster(preparePrograms(findNative(), openPlace(folder))),
    /postgres-start-failed/,
  );
  await start(t, folder);
  assert.equal(await busy, 'cut');
});

test('a process that was given the number of a dead postmaster does not stop the start', async (t) => {
  const folder = await readyFolder(t);
  const running = await start(t, folder);
  await running.stop();
  const place = openPlace(folder);
  const namesake = spawn('sleep', ['1000'], { ...place.identity, cwd: '/', stdio: 'ignore' });
  atEnd(t, () => namesake.kill());
  const fake = `${namesake.pid}\n${place.cluster}\n0\n5432\n${place.socket}\n\n0 0\nready   \n`;
  writeFileSync(join(place.cluster, 'postmaster.pid'), fake, { mode: 0o644 });
  await assert.rejects(
    startPostmaster(preparePrograms(findNative(), place)),
    /postmaster.pid.+already exists/,
  );
  await start(t, folder);
  assert.equal(namesake.exitCode, null);
});

test('an initdb that outlived its killed starter does not stand in the way of the next start', async (t) => {
  const folder = temporaryFolder(t);
  for (const killAfterMs of [0, 150, 300]) {
    const program = runProgram(['hold', folder], join(folder, `output-${killAfterMs}`));
    const root = join(folder, 'postgres');
    while (!existsSync(root) || !readdirSync(root).some((entry) => entry.startsWith(partialPrefix)))
      await sleep(5);
    await sleep(killAfterMs);
    program.child.kill('SIGKILL');
    await program.exited;
  }
  await start(t, folder);
  assert.deepEqual(
    readdirSync(join(folder, 'postgres')).filter((entry) => entry.startsWith(partialPrefix)),
    [],
  );
});

test('a Ctrl-C in the terminal reaches only the program that stops PostgreSQL in order', async (t) => {
  const folder = await readyFolder(t);
  const program = runProgram(['hold', folder], join(folder, 'output'));
  await program.said(1);
  const { pid } = program.child;
  assert.ok(pid !== undefined);
  process.kill(-pid, 'SIGINT');
  await program.exited;
  assert.ok(postgresProcessesOf(folder).length > 1);
  await start(t, folder);
});
