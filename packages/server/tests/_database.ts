import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { after, type TestContext } from 'node:test';
import { couple } from '@counterfoil/wire';
import { Client } from 'pg';
import { migrate, openDatabase, startDatabase, type Database } from '../src/index.ts';
import { atEnd } from './_at-end.ts';
import { hasDebianPostgres, startDebianPostgres } from './_debian-postgres.ts';
import { makeFolder, removeFolder } from './_folder.ts';

/** A PostgreSQL that the tests of one file share. */
export interface TestServer {
  readonly name: string;
  /** A database of its own for one test, with all migrations applied; gone when the test ends. */
  readonly database: (t: TestContext) => Promise<TestDatabase>;
  /** The same without migrations. */
  readonly emptyDatabase: (t: TestContext) => Promise<{ readonly url: string }>;
}

/** A migrated database: open, and reachable under `url` for a second opener. */
export interface TestDatabase extends Database {
  readonly url: string;
}

interface Started {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

const template = 'counterfoil_template';
const stops: (() => Promise<void>)[] = [];
after(async () => {
  for (const stop of stops) await stop();
});

/** The PostgreSQL that the product brings along. */
export const embeddedServer = shared('embedded PostgreSQL', startEmbedded);

/** Every PostgreSQL that SQL has to work on: the embedded one, and Debian's 15 where it is installed. */
export const testServers: readonly TestServer[] = hasDebianPostgres
  ? [embeddedServer, shared('PostgreSQL 15 of Debian', startDebianPostgres)]
  : [embeddedServer];

function shared(name: string, start: () => Promise<Started>): TestServer {
  let started: Promise<string> | undefined;
  let count = 0;
  const server = (): Promise<string> =>
    (started ??= (async () => {
      const { url, stop } = await start();
      stops.push(stop);
      await execute(url, `create database ${template}`);
      await migrate({ url: withDatabase(url, template) });
      return url;
    })());
  const copy = async (t: TestContext, from: string): Promise<string> => {
    const url = await server();
    const database = `test_${++count}`;
    const startedAt = performance.now();
    // 19 ms against 25 ms for the default strategy, which writes the copy into the log as well.
    await execute(url, `create database ${database} template ${from} strategy file_copy`);
    t.diagnostic(`a database of its own took ${(performance.now() - startedAt).toFixed(0)} ms`);
    atEnd(t, () => execute(url, `drop database ${database} with (force)`));
    return withDatabase(url, database);
  };
  return {
    name,
    emptyDatabase: async (t) => ({ url: await copy(t, 'template0') }),
    async database(t) {
      const url = await copy(t, template);
      const database = await openDatabase({ url });
      atEnd(t, () => database.close());
      return { ...database, url };
    },
  };
}

async function startEmbedded(): Promise<Started> {
  const folder = makeFolder();
  const { url, stop } = await startDatabase({ folder, databaseUrl: undefined, log: () => {} });
  // Nothing of a test has to survive a power cut. The product has no such setting; this cluster alone gets it.
  await execute(url, 'alter system set fsync = off');
  await execute(url, 'select pg_reload_conf()');
  return {
    url,
    async stop() {
      await stop();
      removeFolder(folder);
    },
  };
}

/** The embedded one on a port, as machines share one. The password in its address is never asked for. */
export async function startOnPort(): Promise<Started> {
  const inside = await startEmbedded();
  const { username, searchParams } = new URL(inside.url);
  const socketPath = join(searchParams.get('host') ?? '', '.s.PGSQL.5432');
  const front = createServer((outside) => couple(outside, connect(socketPath)));
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  const { port } = front.address() as AddressInfo;
  return {
    url: `postgresql://${username}:correct%20horse@127.0.0.1:${port}/postgres`,
    async stop() {
      front.close();
      await inside.stop();
    },
  };
}

/** Runs one statement, outside any pool. */
export async function execute(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  // A test that ends the server sees the query reject; the event of the same loss would end the test process.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return rows;
  } finally {
    await client.end();
  }
}

export async function oneRow(url: string, sql: string): Promise<Record<string, unknown>> {
  const [row] = await execute(url, sql);
  if (row === undefined) throw new Error(`no row: ${sql}`);
  return row;
}

function withDatabase(url: string, database: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${database}`;
  return parsed.href;
}
