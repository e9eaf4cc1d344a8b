import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { findNative } from '../src/database/binaries.ts';
import { partialPrefix } from '../src/database/cluster.ts';
import { endOrphans } from '../src/database/orphans.ts';
import { openPlace } from '../src/database/place.ts';
import { startPostmaster } from '../src/database/postmaster.ts';
import { signal } from '../src/database/processes.ts';
import { preparePrograms } from '../src/database/programs.ts';
import { migrate, openDatabase, startDatabase, StartError, type RunningDatabase } from '../src/index.ts';
import { atEnd } from './_at-end.ts';
import { execute } from './_database.ts';
import { makeFolder, removeFolder } from './_folder.ts';
import { readyFolder } from './_ready-folder.ts';
import { postgresProcessesOf, postmasterOf, runProgram } from './_run-program.ts';

function emptyFolder(t: TestContext): string {
  const folder = makeFolder();
  atEnd(t, () => removeFolder(folder));
  return folder;
}

async function start(
  t: TestContext,
  folder: string,
  log: (line: string) => void = () => {},
): Promise<RunningDatabase> {
  const running = await startDatabase({ folder, databaseUrl: undefined, log });
  atEnd(t, running.stop);
  return running;
}

function refusedWith(code: string): (error: unknown) => boolean {
  return (error) => error instanceof StartError && error.code === code;
}

test('a new folder becomes a database, and the next start finds what was saved', async (t) => {
  const folder = emptyFolder(t);
  const first = await start(t, folder);
  assert.equal(first.kind, 'embedded');
  assert.match(first.version, /^18\./);
  await migrate(first);
  const before = await execute(first.url, 'select id from counterfoil_installation');
  await first.stop();
  assert.deepEqual(await first.exited, { expected: true, code: 0, signal: null });
  const second = await start(t, folder);
  assert.deepEqual(await execute(second.url, 'select id from counterfoil_installation'), before);
});

test('the database is durable, has no TCP port, and its socket is closed to other users', async (t) => {
  const folder = await readyFolder(t);
  const { url } = await start(t, folder);
  const [settings] = await execute(
    url,
    `select current_setting('listen_addresses') as tcp, current_setting('server_encoding') as encoding,
       current_setting('lc_messages') as locale, current_setting('fsync') as fsync,
       current_setting('full_page_writes') as pages, current_setting('data_checksums') as checksums,
       current_setting('synchronous_commit') as commit`,
  );
  assert.deepEqual(
    { ...settings },
    { tcp: '', fsync: 'on', pages: 'on', checksums: 'on', commit: 'on', encoding: 'UTF8', locale: 'C' },
  );
  assert.equal(statSync(join(folder, 'postgres', 'socket')).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, 'postgres', 'cluster')).mode & 0o777, 0o700);
  assert.equal(statSync(join(folder, 'postgres.log')).mode & 0o777, 0o600);
});

test('values of a failed statement do not reach the log', async (t) => {
  const folder = await readyFolder(t);
  const { url } = await start(t, folder);
  await execute(url, `create table named (name text primary key)`);
  await execute(url, `insert into named values ('private-value')`);
  await assert.rejects(execute(url, `insert into named values ('private-value')`));
  await assert.rejects(execute(url, `select 'private-value'::int`));
  const log = readFileSync(join(folder, 'postgres.log'), 'utf8');
  assert.match(log, /ready to accept connections/);
  assert.doesNotMatch(log, /private-value/);
});

test('of two starters at once in one process one starts and the other is told already-running', async (t) => {
  const folder = emptyFolder(t);
  const outcomes = await Promise.allSettled([start(t, folder), start(t, folder)]);
  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refusals.length, 1);
  assert.ok(refusedWith('already-running')(refusals[0]?.reason));
});

test('of two starting processes one starts, and the other leaves it undisturbed', async (t) => {
  const folder = emptyFolder(t);
  const programs = [1, 2].map((number) => runProgram(['hold', folder], join(folder, `output-${number}`)));
  await Promise.all(programs.map((program) => program.said(1)));
  const said = programs.map((program) => program.lines()[0] ?? '').toSorted();
  assert.match(said[0] ?? '', /"ready":true/);
  assert.match(said[1] ?? '', /"refused":"already-running"/);
  const postmaster = postmasterOf(folder);
  await assert.rejects(start(t, folder), refusedWith('already-running'));
  assert.equal(postmasterOf(folder), postmaster);
  for (const { child } of programs) child.stdin?.end();
  await Promise.all(programs.map((program) => program.exited));
  await start(t, folder);
});

test('without the lock a second starter would take the running database down', async (t) => {
  const folder = await readyFolder(t);
  const running = await start(t, folder);
  await endOrphans(openPlace(folder), () => {});
  assert.equal((await running.exited).expected, false);
});

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
  const parent = emptyFolder(t);
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
  const folder = emptyFolder(t);
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

for (const [bytes, where] of [
  [107, 'beside its cluster'],
  [108, 'in a closed temporary folder'],
] as const) {
  test(`a folder whose socket has a path of ${bytes} bytes gets it ${where}`, async (t) => {
    const parent = emptyFolder(t);
    const rest = join(parent, 'postgres', 'socket', '.s.PGSQL.5432').length + 1;
    const folder = join(parent, 'a'.repeat(bytes - rest));
    mkdirSync(folder, { mode: 0o755 });
    const { url, stop } = await start(t, folder);
    const socket = new URL(url).searchParams.get('host') ?? '';
    assert.equal(socket.startsWith(folder), bytes === 107);
    if (bytes === 108) atEnd(t, () => removeFolder(socket));
    assert.equal(statSync(socket).mode & 0o777, 0o700);
    await stop();
    assert.equal((await start(t, folder)).url, url);
  });
}

test('a socket folder that others can enter is refused', async (t) => {
  const folder = await readyFolder(t);
  const running = await start(t, folder);
  await running.stop();
  chmodSync(join(folder, 'postgres', 'socket'), 0o755);
  await assert.rejects(start(t, folder), refusedWith('data-folder-unusable'));
});

test('a clean stop leaves no process, and may be asked for twice', async (t) => {
  const folder = await readyFolder(t);
  const { stop } = await start(t, folder);
  const pids = postgresProcessesOf(folder);
  assert.ok(pids.length > 1);
  await Promise.all([stop(), stop()]);
  await stop();
  assert.equal(existsSync(join(folder, 'postgres', 'cluster', 'postmaster.pid')), false);
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
