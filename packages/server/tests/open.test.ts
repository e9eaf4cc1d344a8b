import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { sql } from 'kysely';
import { openDatabase } from '../src/index.ts';
import { atEnd } from './_at-end.ts';
import { embeddedServer, execute, testServers } from './_database.ts';

for (const server of testServers) {
  test(`${server.name}: int8 and numeric arrive as bigint, beyond what a float can hold`, async (t) => {
    const { kysely } = await server.database(t);
    const { rows } = await sql`
      select 9223372036854775807::int8 as big, 123456789012345678901234567890::numeric as bigger,
        sum(n) as total, array[1, null, -3]::int8[] as list, array[9007199254740993]::numeric[] as numerics,
        '{}'::int8[] as nothing, null::int8 as absent
      from (values (9007199254740993::int8), (1)) as v (n)`.execute(kysely);
    assert.deepEqual(rows, [
      {
        big: 9223372036854775807n,
        bigger: 123456789012345678901234567890n,
        total: 9007199254740994n,
        list: [1n, null, -3n],
        numerics: [9007199254740993n],
        nothing: [],
        absent: null,
      },
    ]);
  });

  test(`${server.name}: a bigint that is written comes back the same`, async (t) => {
    const { kysely } = await server.database(t);
    const value = -170141183460469231731687303715884105728n;
    const { rows } = await sql<{ value: bigint }>`select ${value}::numeric as value`.execute(kysely);
    assert.equal(rows[0]?.value, value);
  });

  test(`${server.name}: a numeric with a fraction is refused instead of rounded`, async (t) => {
    const { kysely } = await server.database(t);
    await assert.rejects(sql`select 0.1::numeric as value`.execute(kysely), /0\.1 where whole units belong/);
    await assert.rejects(
      sql`select array[0.1]::numeric[] as value`.execute(kysely),
      /where whole units belong/,
    );
    // The connection is still good.
    await sql`select 1`.execute(kysely);
  });

  test(`${server.name}: the process survives when every connection is cut, also inside a transaction`, async (t) => {
    const database = await server.database(t);
    const lines: string[] = [];
    const { kysely, close } = await openDatabase(database, (line) => lines.push(line));
    atEnd(t, close);
    await assert.rejects(
      kysely.transaction().execute(async (transaction) => {
        await sql`select 1`.execute(transaction);
        await execute(
          database.url,
          `select pg_terminate_backend(pid) from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid()`,
        );
        await sql`select 1`.execute(transaction);
      }),
    );
    await sql`select 1`.execute(kysely);
    assert.equal(lines.filter((line) => line.includes(database.url)).length, 0);
  });

  test(`${server.name}: closing twice is closing once`, async (t) => {
    const { close } = await server.database(t);
    await close();
    await close();
  });
}

test('without its listeners a pool ends the process when its connection is cut', async (t) => {
  const { url } = await embeddedServer.emptyDatabase(t);
  const unguarded = `
    import { Pool } from 'pg';
    const pool = new Pool({ connectionString: process.argv[1], max: 1 });
    await pool.query('select 1');
    const other = new Pool({ connectionString: process.argv[1], max: 1 });
    other.on('error', () => {});
    await other.query(\`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()\`);
    await new Promise((resolve) => setTimeout(resolve, 10_000));`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', unguarded, url], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  assert.equal(status, 1);
  assert.match(stderr, /terminating connection due to administrator command/);
});
