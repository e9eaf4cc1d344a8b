import assert from 'node:assert/strict';
import { appendFileSync, cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { migrationsFolder, readMigrations } from '../src/database/migration-files.ts';
import { migrate } from '../src/index.ts';
import { execute, testServers } from './_database.ts';
import { temporaryFolder } from './_folder.ts';
import { refusedWith } from './_start.ts';

const known = readMigrations(migrationsFolder).length;

/** A copy of the product's migrations that a test may spoil. */
function copyOfMigrations(t: TestContext): string {
  const folder = temporaryFolder(t);
  cpSync(migrationsFolder, folder, { recursive: true });
  return folder;
}

function addMigration(folder: string, number: number, name: string, sql: string): void {
  writeFileSync(join(folder, `${String(number).padStart(4, '0')}_${name}.sql`), sql);
}

for (const server of testServers) {
  test(`${server.name}: an empty database is migrated once, and once only`, async (t) => {
    const running = await server.emptyDatabase(t);
    assert.equal(await migrate(running), known);
    assert.equal(await migrate(running), 0);
    const rows = await execute(running.url, 'select made_by from counterfoil_installation');
    assert.equal(rows.length, 1);
  });

  test(`${server.name}: of two migrators at once one works and the other waits and finds nothing to do`, async (t) => {
    const running = await server.emptyDatabase(t);
    const folder = copyOfMigrations(t);
    // Long enough that the second one arrives while the first is inside.
    addMigration(
      folder,
      known + 1,
      'slow',
      'select pg_sleep(0.2); create table slow (id integer primary key);',
    );
    const counts = await Promise.all([
      migrate(running, { folder }),
      migrate(running, { folder }),
      migrate(running, { folder }),
    ]);
    assert.deepEqual(
      counts.toSorted((a, b) => a - b),
      [0, 0, known + 1],
    );
  });

  test(`${server.name}: a migrator that has waited long enough says so`, async (t) => {
    const running = await server.database(t);
    const folder = copyOfMigrations(t);
    addMigration(folder, known + 1, 'long', 'select pg_sleep(0.5);');
    const long = migrate(running, { folder });
    const waiting = `select from pg_stat_activity where query like '%pg_sleep(0.5)%' and pid <> pg_backend_pid()`;
    while ((await execute(running.url, waiting)).length === 0);
    await assert.rejects(migrate(running, { lockWaitMs: 50 }), refusedWith('migration-locked'));
    assert.equal(await long, 1);
  });

  test(`${server.name}: without the lock two migrators collide`, async (t) => {
    const { url } = await server.emptyDatabase(t);
    const unlocked = `begin; select pg_sleep(0.1); create table twice (id integer primary key); commit`;
    const outcomes = await Promise.allSettled([execute(url, unlocked), execute(url, unlocked)]);
    assert.ok(outcomes.some(({ status }) => status === 'rejected'));
  });

  test(`${server.name}: an applied migration that was changed since is refused`, async (t) => {
    const running = await server.database(t);
    const folder = copyOfMigrations(t);
    assert.equal(await migrate(running, { folder }), 0);
    appendFileSync(join(folder, '0001_installation.sql'), '\n-- changed');
    await assert.rejects(migrate(running, { folder }), refusedWith('migration-changed'));
  });

  test(`${server.name}: a database of a newer version is refused and not touched`, async (t) => {
    const running = await server.database(t);
    const newer = copyOfMigrations(t);
    addMigration(newer, known + 1, 'of-tomorrow', 'create table tomorrow (id integer primary key);');
    assert.equal(await migrate(running, { folder: newer }), 1);
    const before = await execute(running.url, 'select * from counterfoil_migration order by number');
    await assert.rejects(migrate(running), refusedWith('newer-version'));
    assert.deepEqual(
      await execute(running.url, 'select * from counterfoil_migration order by number'),
      before,
    );
  });

  test(`${server.name}: a migration that fails half-way leaves neither tables nor a record`, async (t) => {
    const running = await server.database(t);
    const folder = copyOfMigrations(t);
    addMigration(folder, known + 1, 'broken', 'create table half (id integer primary key); select 1 / 0;');
    await assert.rejects(migrate(running, { folder }), refusedWith('migration-failed'));
    const [row] = await execute(
      running.url,
      `select to_regclass('half') as half, count(*)::int as count from counterfoil_migration`,
    );
    assert.deepEqual({ ...row }, { half: null, count: known });
    rmSync(join(folder, `${String(known + 1).padStart(4, '0')}_broken.sql`));
    assert.equal(await migrate(running, { folder }), 0);
  });

  test(`${server.name}: a role that may not create tables gets a sentence`, async (t) => {
    const { url } = await server.emptyDatabase(t);
    const role = 'reader';
    const password = 'may only read';
    await execute(url, `create role ${role} login password '${password}'`);
    await execute(url, 'revoke create on schema public from public');
    const restricted = new URL(url);
    restricted.username = role;
    restricted.password = password;
    await assert.rejects(migrate({ url: restricted.href }), refusedWith('migration-failed'));
  });
}

test('a gap in the row of migrations and a stray file are noticed', (t) => {
  const gap = copyOfMigrations(t);
  addMigration(gap, known + 2, 'after-a-gap', 'select 1;');
  assert.throws(() => readMigrations(gap), /breaks the row of migrations/);
  const stray = copyOfMigrations(t);
  writeFileSync(join(stray, 'notes.txt'), '');
  assert.throws(() => readMigrations(stray), /breaks the row of migrations/);
});

test('other line ends are no change of a migration', (t) => {
  const folder = copyOfMigrations(t);
  const [first] = readMigrations(folder);
  assert.ok(first);
  writeFileSync(join(folder, '0001_installation.sql'), first.sql.replaceAll('\n', '\r\n'));
  assert.equal(readMigrations(folder)[0]?.sha256, first.sha256);
});
