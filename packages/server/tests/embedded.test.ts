import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { endOrphans } from '../src/database/orphans.ts';
import { openPlace } from '../src/database/place.ts';
import { migrate } from '../src/index.ts';
import { atEnd } from './_at-end.ts';
import { execute } from './_database.ts';
import { removeFolder, temporaryFolder } from './_folder.ts';
import { readyFolder } from './_ready-folder.ts';
import { postgresProcessesOf, postmasterOf, runProgram } from './_run-program.ts';
import { refusedWith, start } from './_start.ts';

test('a new folder becomes a database, and the next start finds what was saved', async (t) => {
  const folder = temporaryFolder(t);
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
  const folder = temporaryFolder(t);
  const outcomes = await Promise.allSettled([start(t, folder), start(t, folder)]);
  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
  assert.equal(refusals.length, 1);
  assert.ok(refusedWith('already-running')(refusals[0]?.reason));
});

test('of two starting processes one starts, and the other leaves it undisturbed', async (t) => {
  const folder = temporaryFolder(t);
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

for (const [bytes, where] of [
  [107, 'beside its cluster'],
  [108, 'in a closed temporary folder'],
] as const) {
  test(`a folder whose socket has a path of ${bytes} bytes gets it ${where}`, async (t) => {
    const parent = temporaryFolder(t);
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
