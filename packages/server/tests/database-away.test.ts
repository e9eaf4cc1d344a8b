/** What a request gets while the database is not there for it, and that the server outlives it. */
import assert from 'node:assert/strict';
import { type TestContext, describe, test } from 'node:test';
import { EVENTS_PATH, problem, routes } from '@counterfoil/api';
import fastify from 'fastify';
import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, type PoolClient } from 'pg';
import { isDatabaseAway, WatchedPool } from '../src/database/away.ts';
import type { Tables } from '../src/database/tables.ts';
import { wholeNumbers } from '../src/database/whole-numbers.ts';
import { anonymous } from '../src/http/caller.ts';
import { EventStream } from '../src/http/events.ts';
import { atEnd } from './_at-end.ts';
import { embeddedServer, execute } from './_database.ts';
import { installationToken, startHttp } from './_http.ts';
import { fuzz } from './_http-fuzz.ts';

const CONNECTIONS = 3;
/** The product waits ten seconds for a connection. */
const WAIT_MS = 300;

interface Small {
  readonly url: string;
  readonly http: Awaited<ReturnType<typeof startHttp>>;
  readonly pool: Pool;
}

/** A server over so few connections that a test can take them all. */
async function small(t: TestContext, kind: typeof Pool = WatchedPool): Promise<Small> {
  const { url } = await embeddedServer.database(t);
  const pool = new kind({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: WAIT_MS,
    types: wholeNumbers,
  });
  pool.on('error', () => {});
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  atEnd(t, () => kysely.destroy());
  return { url, pool, http: await startHttp(t, kysely) };
}

/** Takes every connection that there is; the answer gives them back, and so does the test's end. */
async function exhaust(t: TestContext, pool: Pool): Promise<() => void> {
  const taken: PoolClient[] = [];
  const giveBack = (): void => taken.splice(0).forEach((client) => client.release());
  atEnd(t, giveBack);
  // The server's own rounds hold one now and then.
  while (taken.length < CONNECTIONS) {
    const client = await pool.connect().catch(() => null);
    if (client !== null) taken.push(client);
  }
  return giveBack;
}

const list = Object.values(routes);

/** One plain request of a route; the form of most bodies is refused before the database is asked. */
function ask(url: string, { method, path }: (typeof list)[number], cookie = ''): Promise<Response> {
  const hasBody = method !== 'GET';
  return fetch(url + path.replace(/:[a-zA-Z]+/g, 'x'), {
    method,
    headers: {
      'idempotency-key': `key-of-${method}-${path.replace(/[^a-z]/g, '')}`.slice(0, 64),
      ...(cookie === '' ? { authorization: `Bearer ${installationToken}` } : { cookie, origin: url }),
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
    },
    ...(hasBody ? { body: '{}' } : {}),
  });
}

async function assertAway(answer: Response, isRead: boolean): Promise<void> {
  const body = problem.parse(await answer.json());
  assert.deepEqual([answer.status, body.code], [503, 'database-away']);
  assert.equal(answer.headers.get('retry-after'), String(body.retryAfterSeconds));
  assert.match(body.detail, isRead ? /Nothing was changed and no order was sent/ : /look at what came of it/);
}

describe('no connection is free', () => {
  test('every route answers 503 or needs no database, and all is well when there are connections again', async (t) => {
    const { http, pool } = await small(t);
    const giveBack = await exhaust(t, pool);
    let away = 0;
    await Promise.all(
      list.flatMap((route) =>
        // As the installation, and as a person whose session has to be looked up.
        ['', 'counterfoil=demo.someone.secret'].map(async (cookie) => {
          const answer = await ask(http.url, route, cookie);
          assert.notEqual(answer.status, 500, `${route.method} ${route.path}`);
          if (answer.status !== 503) return;
          away += 1;
          await assertAway(answer, route.method === 'GET');
        }),
      ),
    );
    assert.ok(away > list.length / 2, `${away} of ${list.length * 2} requests wanted a connection`);
    giveBack();
    for (const path of ['/api/v1/bots', '/api/v1/session'])
      assert.equal((await fetch(http.url + path)).status, 200, path);
    const faults = http.logged.filter((line) => line.startsWith('r-'));
    assert.deepEqual(faults, [], 'no request was a defect');
  });

  test('whatever is sent while connections come and go, the answer is of the contract', async (t) => {
    const { http, pool } = await small(t);
    let isOver = false;
    const comeAndGo = (async () => {
      while (!isOver) {
        const giveBack = await exhaust(t, pool);
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
        giveBack();
        await new Promise((resolve) => setTimeout(resolve, WAIT_MS / 3));
      }
    })();
    const statuses = await fuzz(http.url, {}, 600, 20_261_122);
    isOver = true;
    await comeAndGo;
    assert.ok((statuses.get(503) ?? 0) > 0, 'some of it finds no connection');
    assert.ok((statuses.get(400) ?? 0) > 0, 'some of it does');
    assert.deepEqual(
      http.logged.filter((line) => line.startsWith('r-')),
      [],
      'no defect was met',
    );
  });

  test('a stream is refused, or cut where it had begun, and the next one is served', async (t) => {
    const { http, pool } = await small(t);
    const giveBack = await exhaust(t, pool);
    await assertAway(await fetch(http.url + EVENTS_PATH), true);
    giveBack();
    const again = await fetch(http.url + EVENTS_PATH);
    assert.equal(again.status, 200);
    await again.body?.cancel();

    let isThere = false;
    const faults: unknown[] = [];
    const events = new EventStream(
      {
        head: () => (isThere ? Promise.resolve(0) : Promise.reject(new Error('away'))),
        read: () => Promise.resolve([]),
      },
      (error) => faults.push(error),
    );
    const server = fastify();
    const caller = { ...anonymous('127.0.0.1'), kind: 'account', owner: 'demo', role: 'owner' } as const;
    events.route(server, () => Promise.resolve(caller));
    const url = await server.listen({ port: 0, host: '127.0.0.1' });
    atEnd(t, async () => {
      events.close();
      await server.close();
    });
    const cut = await fetch(url + EVENTS_PATH);
    assert.doesNotMatch(await cut.text(), /data:/);
    assert.equal(faults.length, 1);
    isThere = true;
    const served = await fetch(url + EVENTS_PATH);
    const heard = served.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let atMs = 1_000, text = ''; !text.includes('BTCUSDT'); atMs += 1_000) {
      events.price('BTCUSDT', '1', atMs);
      text = (await heard?.read())?.value ?? '';
    }
    await heard?.cancel();
  });

  test('over a pool that marks nothing the same request is a fault of ours', async (t) => {
    const { http, pool } = await small(t, Pool);
    const giveBack = await exhaust(t, pool);
    const answer = await fetch(`${http.url}/api/v1/bots`);
    assert.equal(answer.status, 500);
    giveBack();
  });
});

/** Ends every query that waits for the lock on the table of bots, by this function of PostgreSQL. */
async function whileLocked(
  { url, http }: Small,
  end: 'pg_cancel_backend' | 'pg_terminate_backend',
): Promise<Response> {
  const locker = new Pool({ connectionString: url, max: 1 });
  locker.on('error', () => {});
  const client = await locker.connect();
  await client.query('begin');
  await client.query('lock table bot in access exclusive mode');
  const asked = fetch(`${http.url}/api/v1/bots`);
  let ended = 0;
  while (ended === 0) {
    const rows = await execute(
      url,
      `select ${end}(pid) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
    );
    ended = rows.length;
  }
  const answer = await asked;
  await client.query('rollback');
  client.release();
  await locker.end();
  return answer;
}

describe('a query is cut off', () => {
  // A statement over its time ends as one does that is cancelled: 57014.
  for (const end of ['pg_cancel_backend', 'pg_terminate_backend'] as const)
    test(`a request whose query ended by ${end} gets 503`, async (t) => {
      const running = await small(t);
      await assertAway(await whileLocked(running, end), true);
      // The server's own rounds may have been cut with it, and their connections are found out one by one.
      let { status } = await fetch(`${running.http.url}/api/v1/bots`);
      for (let n = 0; n < CONNECTIONS && status === 503; n++)
        ({ status } = await fetch(`${running.http.url}/api/v1/bots`));
      assert.equal(status, 200);
    });

  test('a connection that is cut between two statements of a transaction is known', async (t) => {
    const { url } = await embeddedServer.database(t);
    const pool = new WatchedPool({ connectionString: url, max: 1 });
    pool.on('error', () => {});
    const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
    atEnd(t, () => kysely.destroy());
    const cut = kysely.transaction().execute(async (transaction) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
      await execute(url, `select pg_terminate_backend(${rows[0]?.pid})`);
      await sql`select 1`.execute(transaction);
    });
    await assert.rejects(cut, isDatabaseAway);
  });

  test('a server that is not there is known, and a mistake in a statement is none of these', async (t) => {
    const nobody = new WatchedPool({ connectionString: 'postgres://127.0.0.1:9/none' });
    await assert.rejects(nobody.query('select 1'), isDatabaseAway);
    await nobody.end();
    const { kysely } = await embeddedServer.database(t);
    await assert.rejects(sql`select 1 / 0`.execute(kysely), (error) => !isDatabaseAway(error));
    assert.equal(isDatabaseAway(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })), false);
  });
});
